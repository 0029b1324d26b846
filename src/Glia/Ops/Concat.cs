using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>Tensors joined along one axis.</summary>
internal sealed class ConcatOperation(int axis) : Operation
{
    public override string Name => "Concat";

    public int Axis => axis;

    public override Shape OutputShape(Tensor[] x)
    {
        var size = 0;
        foreach (var part in x)
        {
            if (part.Rank != x[0].Rank || part.Shape.With(axis, 0) != x[0].Shape.With(axis, 0))
                throw ShapeException.Of(Name, $"shapes that differ along axis {axis} only", string.Join(" and ", x.Select(p => p.Shape.ToString())));
            size += part.Shape[axis];
        }
        return x[0].Shape.With(axis, size);
    }

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var strides = y.Shape.Strides();
        var start = 0;
        foreach (var part in x)
        {
            backend.CopyStrided(part.Shape.Sizes, part, new(0, part.Shape.Strides()), y, new((long)start * strides[axis], strides));
            start += part.Shape[axis];
        }
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        var start = 0;
        for (var before = 0; before < i; before++)
            start += Inputs[before].Shape[axis];
        return dy.Slice(axis, start, Inputs[i].Shape[axis]);
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) =>
        Tensor.Concat(axis, tangents.Select((t, i) => t ?? Tensor.Zeros(Inputs[i].Shape, y.DType, y.Device)).ToArray());
}

public partial class Tensor
{
    /// <summary>Joins tensors along an axis that they have; the other sizes must be equal.</summary>
    /// <exception cref="ShapeException">Another size differs.</exception>
    public static Tensor Concat(int axis, params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Length == 0)
            throw new ArgumentException("Concat expects at least one tensor but got none.");
        return new ConcatOperation(tensors[0].Shape.NormalizeAxis(axis)).Apply(tensors);
    }

    /// <summary>Joins tensors of one shape along a new axis.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Stack(int axis, params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        if (tensors.Length == 0)
            throw new ArgumentException("Stack expects at least one tensor but got none.");
        axis = tensors[0].Shape.Prepend(1).NormalizeAxis(axis);
        return Concat(axis, Array.ConvertAll(tensors, t => t.Reshape([.. t.Shape.Sizes[..axis], 1, .. t.Shape.Sizes[axis..]])));
    }
}
