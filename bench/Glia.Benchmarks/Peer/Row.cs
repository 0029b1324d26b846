using TorchSharp;

namespace Glia.Benchmarks.Peer;

/// <summary>One line of the table: the same computation by Glia, into arrays, and by libtorch.</summary>
internal sealed class Row(string name, Action glia, Func<torch.Tensor[]> peer, float[][] results, torch.Tensor[] operands) : IDisposable
{
    public string Name => name;

    public Action Glia => glia;

    public void Torch()
    {
        foreach (var tensor in peer())
            tensor.Dispose();
    }

    /// <summary>The largest difference between the results, as a fraction of the largest number.</summary>
    public double Difference()
    {
        glia();
        var tensors = peer();
        var worst = 0.0;
        for (var i = 0; i < results.Length; i++)
        {
            var expected = tensors[i].contiguous().data<float>().ToArray();
            if (expected.Length != results[i].Length)
                throw new InvalidOperationException($"{name}: libtorch gives {expected.Length} numbers, Glia {results[i].Length}.");
            var largest = expected.Max(Math.Abs);
            worst = Math.Max(worst, expected.Zip(results[i], (a, b) => Math.Abs(a - b)).Max() / largest);
        }
        foreach (var tensor in tensors)
            tensor.Dispose();
        return worst;
    }

    public void Dispose()
    {
        foreach (var tensor in operands)
            tensor.Dispose();
    }
}
