using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>A range along one axis.</summary>
internal sealed class SliceOperation(int axis, int start, int length) : Operation
{
    public override string Name => "Slice";

    public override Shape OutputShape(Tensor[] x) => start >= 0 && length >= 0 && length <= x[0].Shape[axis] - start
        ? x[0].Shape.With(axis, length)
        : throw ShapeException.Of(Name, $"a range inside axis {axis} of {x[0].Shape}", $"start {start} and length {length}");

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var strides = x[0].Shape.Strides();
        backend.CopyStrided(y.Shape.Sizes, x[0], new((long)start * strides[axis], strides), y, new(0, y.Shape.Strides()));
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) =>
        dy.Pad(axis, start, Inputs[0].Shape[axis] - start - length);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => tangents[0]!.Slice(axis, start, length);

    protected override Tensor Run(Device device, Tensor[] x, Shape shape)
    {
        // A range of the leading axis lies in one piece.
        if (axis == 0)
            return x[0].View(start * x[0].Shape.Strides()[0], shape);
        return base.Run(device, x, shape);
    }
}

public partial class Tensor
{
    /// <summary>The elements from <paramref name="start"/> on along one axis; shares the memory when the axis is the first.</summary>
    /// <exception cref="ShapeException">The range does not lie inside the axis.</exception>
    public Tensor Slice(int axis, int start, int length)
    {
        axis = Shape.NormalizeAxis(axis);
        return new SliceOperation(axis, start < 0 ? start + Shape[axis] : start, length).Apply(this);
    }
}
