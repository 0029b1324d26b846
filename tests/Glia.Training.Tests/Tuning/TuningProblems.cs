using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests.Tuning;

/// <summary>What tuner and range test are tried on.</summary>
internal static class TuningProblems
{
    /// <summary>Above this rate plain gradient descent on <see cref="Quadratic"/> diverges: 2/L, with L = 2·mean(x²) = 8 the largest eigenvalue of the Hessian.</summary>
    public const double Threshold = 0.25;

    /// <summary>y = x − 3 at x = ±2: the mean squared error of w·x + b is quadratic in (w, b), with the Hessian diag(8, 2).</summary>
    public static TensorDataset Quadratic(int count = 8)
    {
        float[] x = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? 2f : -2f)];
        return new TensorDataset(Tensor.From(x, (count, 1)), Tensor.From(Array.ConvertAll(x, v => v - 3), (count, 1)));
    }

    public static SequentialNetwork Line() => Network.Input(1).Dense(1).Build(seed: 1);

    /// <summary>All that training changes, as text of its bits.</summary>
    public static string Bits(Module model, Optimizer optimizer) => string.Join(
        ';', model.StateDict().Concat(optimizer.StateDict()).Select(p => $"{p.Key}={Convert.ToHexString(Bytes(p.Value))}"));

    private static byte[] Bytes(Tensor x) => x.DType switch
    {
        DType.Float32 => [.. x.ToArray<float>().SelectMany(BitConverter.GetBytes)],
        DType.Float64 => [.. x.ToArray<double>().SelectMany(BitConverter.GetBytes)],
        _ => [.. x.ToArray<long>().SelectMany(BitConverter.GetBytes)],
    };
}
