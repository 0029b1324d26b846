using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>Softmax, or its logarithm, over the last axis.</summary>
internal sealed class SoftmaxOperation(bool log) : Operation
{
    public override string Name => log ? "LogSoftmax" : "Softmax";

    public bool IsLog => log;

    public override Shape OutputShape(Tensor[] x) => x[0].DType.IsFloatingPoint()
        ? x[0].Shape
        : throw new ArgumentException($"{Name} works on floating-point numbers but got {x[0].DType}. Convert with To(DType.Float32) first.");

    public override void Forward(Backend backend, Tensor[] x, Tensor y) => backend.Softmax(log, Rows(y), y.Shape[-1], x[0], y);

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        if (GradientMode.IsRecording)
            return log ? dy - (y.Exp() * dy.Sum([-1], keepDims: true)) : y * (dy - (y * dy).Sum([-1], keepDims: true));
        var dx = Tensor.Allocate(y.Shape, y.DType, y.Device);
        y.Device.Backend.SoftmaxBackward(log, Rows(y), y.Shape[-1], y, dy, dx);
        return dx;
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents)
    {
        var t = tangents[0]!;
        return log ? t - (y.Exp() * t).Sum([-1], keepDims: true) : y * (t - (y * t).Sum([-1], keepDims: true));
    }

    private static int Rows(Tensor y) => y.Count == 0 ? 0 : y.Count / y.Shape[-1];
}

public partial class Tensor
{
    /// <summary>eˣ / Σ eˣ along an axis, shifted by the maximum so that nothing overflows: positive numbers that sum to 1.</summary>
    public Tensor Softmax(int axis = -1) => OverLastAxis(axis, new SoftmaxOperation(log: false));

    /// <summary>ln softmax(x) along an axis, computed without forming the softmax: x − ln Σ eˣ.</summary>
    public Tensor LogSoftmax(int axis = -1) => OverLastAxis(axis, new SoftmaxOperation(log: true));

    private Tensor OverLastAxis(int axis, Operation operation)
    {
        axis = Shape.NormalizeAxis(axis);
        return axis == Rank - 1 ? operation.Apply(this) : operation.Apply(Transpose(axis, -1)).Transpose(axis, -1);
    }
}
