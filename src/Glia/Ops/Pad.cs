using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>A constant put before and after the elements along one axis.</summary>
internal sealed class PadOperation(int axis, int before, int after, double value) : Operation
{
    public override string Name => "Pad";

    public override Shape OutputShape(Tensor[] x) => before >= 0 && after >= 0
        ? x[0].Shape.With(axis, before + x[0].Shape[axis] + after)
        : throw new ArgumentException($"Pad expects amounts of 0 or more but got {before} before and {after} after. Use Slice to shorten.");

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        y.FillInPlace(value);
        var strides = y.Shape.Strides();
        backend.CopyStrided(x[0].Shape.Sizes, x[0], new(0, x[0].Shape.Strides()), y, new((long)before * strides[axis], strides));
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => dy.Slice(axis, before, Inputs[0].Shape[axis]);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => tangents[0]!.Pad(axis, before, after);
}

public partial class Tensor
{
    /// <summary>Puts <paramref name="value"/> (0 by default) <paramref name="before"/> and <paramref name="after"/> times around the elements along one axis.</summary>
    public Tensor Pad(int axis, int before, int after, double value = 0) => before == 0 && after == 0
        ? this
        : new PadOperation(Shape.NormalizeAxis(axis), before, after, value).Apply(this);
}
