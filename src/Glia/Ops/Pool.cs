using Glia.Autograd;
using Glia.Backends;
using Glia.Kernels;

namespace Glia;

/// <summary>
/// The largest element of each window. Which one that is stays fixed for the derivatives: forward mode gathers at those places, reverse mode
/// scatters to them, and each of these is the other's gradient.
/// </summary>
internal sealed class MaxPoolOperation(PoolGeometry geometry, Shape output) : Operation
{
    private Tensor? _argmax;

    public override string Name => "MaxPool";

    public PoolGeometry Geometry => geometry;

    /// <summary>Where in its plane each window's largest element is, Int32.</summary>
    public Tensor? Argmax => _argmax;

    public override Shape OutputShape(Tensor[] x) => output;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        _argmax = Tensor.Allocate(output, DType.Int32, y.Device);
        backend.MaxPool(geometry, x[0], y, _argmax);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => new PoolMoveOperation(geometry, _argmax!, scatter: true, Inputs[0].Shape).Apply(dy);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new PoolMoveOperation(geometry, _argmax!, scatter: false, output).Apply(tangents[0]!);
}

/// <summary>Elements moved between the windows and the places in the input that were chosen for them.</summary>
internal sealed class PoolMoveOperation(PoolGeometry geometry, Tensor argmax, bool scatter, Shape output) : Operation
{
    public override string Name => scatter ? "PoolScatter" : "PoolGather";

    public override Shape OutputShape(Tensor[] x) => output;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        if (scatter)
            backend.PoolScatter(geometry, argmax, x[0], y);
        else
            backend.PoolGather(geometry, argmax, x[0], y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => new PoolMoveOperation(geometry, argmax, !scatter, Inputs[0].Shape).Apply(dy);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new PoolMoveOperation(geometry, argmax, scatter, output).Apply(tangents[0]!);
}

/// <summary>The mean of each window, or the transpose of that.</summary>
internal sealed class AveragePoolOperation(PoolGeometry geometry, bool countIncludePad, bool transposed, Shape output) : Operation
{
    public override string Name => "AveragePool";

    public PoolGeometry Geometry => geometry;

    public bool CountIncludePad => countIncludePad;

    public bool IsTransposed => transposed;

    public override Shape OutputShape(Tensor[] x) => output;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        if (transposed)
            backend.AveragePoolBackward(geometry, countIncludePad, x[0], y);
        else
            backend.AveragePool(geometry, countIncludePad, x[0], y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => new AveragePoolOperation(geometry, countIncludePad, !transposed, Inputs[0].Shape).Apply(dy);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new AveragePoolOperation(geometry, countIncludePad, transposed, output).Apply(tangents[0]!);
}

public partial class Tensor
{
    internal static Tensor MaxPool(Tensor x, PoolGeometry geometry) => new MaxPoolOperation(geometry, PoolOutput(x, geometry)).Apply(x);

    internal static Tensor AveragePool(Tensor x, PoolGeometry geometry, bool countIncludePad) =>
        new AveragePoolOperation(geometry, countIncludePad, false, PoolOutput(x, geometry)).Apply(x);

    /// <summary>The last of the geometry's axes, as many as the input has besides batch and channels.</summary>
    private static Shape PoolOutput(Tensor x, PoolGeometry geometry)
    {
        ReadOnlySpan<int> sizes = [geometry.OutDepth, geometry.OutHeight, geometry.OutWidth];
        return new([x.Shape[0], x.Shape[1], .. sizes[(5 - x.Rank)..]]);
    }
}
