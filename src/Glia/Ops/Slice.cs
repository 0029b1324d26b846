using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>Elements at even steps along one axis; a negative step walks backwards.</summary>
internal sealed class SliceOperation(int axis, int start, int length, int step) : Operation
{
    public override string Name => "Slice";

    public int Axis => axis;

    public int Start => start;

    public int Step => step;

    public override Shape OutputShape(Tensor[] x)
    {
        var size = x[0].Shape[axis];
        var last = start + ((length - 1L) * step);
        if (length < 0 || step == 0 || start < 0 || start > size || (length > 0 && (start == size || last < 0 || last >= size)))
        {
            throw ShapeException.Of(
                Name, $"a range inside axis {axis} of {x[0].Shape}", $"start {start} and length {length}{(step == 1 ? "" : $" with step {step}")}");
        }
        return x[0].Shape.With(axis, length);
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        if (y.Count == 0)
            return;
        var strides = x[0].Shape.Strides();
        var offset = (long)start * strides[axis];
        strides[axis] *= step;
        backend.CopyStrided(y.Shape.Sizes, x[0], new(offset, strides), y, new(0, y.Shape.Strides()));
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) =>
        new SpreadOperation(axis, start, Inputs[0].Shape[axis], step, value: 0).Apply(dy);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new SliceOperation(axis, start, length, step).Apply(tangents[0]!);

    protected override Tensor Run(Device device, Tensor[] x, Shape shape)
    {
        // A range of the leading axis lies in one piece.
        if (axis == 0 && step == 1)
            return x[0].View(start * x[0].Shape.Strides()[0], shape);
        return base.Run(device, x, shape);
    }
}

/// <summary>The transpose of a slice: elements laid out at even steps along an axis of a given size, a constant elsewhere.</summary>
internal sealed class SpreadOperation(int axis, int start, int size, int step, double value) : Operation
{
    public override string Name => "Spread";

    public override Shape OutputShape(Tensor[] x) => x[0].Shape.With(axis, size);

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        y.FillInPlace(value);
        if (x[0].Count == 0)
            return;
        var strides = y.Shape.Strides();
        var offset = (long)start * strides[axis];
        strides[axis] *= step;
        backend.CopyStrided(x[0].Shape.Sizes, x[0], new(0, x[0].Shape.Strides()), y, new(offset, strides));
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => new SliceOperation(axis, start, Inputs[0].Shape[axis], step).Apply(dy);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new SpreadOperation(axis, start, size, step, value: 0).Apply(tangents[0]!);
}

public partial class Tensor
{
    /// <summary>
    /// <paramref name="length"/> elements from <paramref name="start"/> on along one axis, every <paramref name="step"/>-th; shares the memory when the axis
    /// is the first and the step 1.
    /// </summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="start">The first element; negative ones count from the end.</param>
    /// <param name="length">The number of elements.</param>
    /// <param name="step">The distance between elements; negative to walk backwards; 1 by default.</param>
    /// <exception cref="ShapeException">The range does not lie inside the axis.</exception>
    public Tensor Slice(int axis, int start, int length, int step = 1)
    {
        axis = Shape.NormalizeAxis(axis);
        return new SliceOperation(axis, start < 0 ? start + Shape[axis] : start, length, step).Apply(this);
    }

    /// <summary>The elements along an axis in reverse order.</summary>
    public Tensor Flip(int axis) => Shape[axis] == 0 ? this : Slice(axis, Shape[axis] - 1, Shape[axis], -1);
}
