using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>Axes in another order.</summary>
internal sealed class PermuteOperation(int[] order) : Operation
{
    public override string Name => "Permute";

    public IReadOnlyList<int> Order => order;

    public override Shape OutputShape(Tensor[] x) => new(Array.ConvertAll(order, axis => x[0].Shape[axis]));

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var from = x[0].Shape.Strides();
        backend.CopyStrided(y.Shape.Sizes, x[0], new(0, Array.ConvertAll(order, axis => from[axis])), y, new(0, y.Shape.Strides()));
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy)
    {
        var inverse = new int[order.Length];
        for (var axis = 0; axis < order.Length; axis++)
            inverse[order[axis]] = axis;
        return new PermuteOperation(inverse).Apply(dy);
    }

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new PermuteOperation(order).Apply(tangents[0]!);
}

public partial class Tensor
{
    /// <summary>The axes in another order: axis i of the result is axis <paramref name="order"/>[i] of this tensor. Copies.</summary>
    /// <exception cref="ArgumentException">The order does not name every axis once.</exception>
    public Tensor Permute(params ReadOnlySpan<int> order)
    {
        var axes = new int[order.Length];
        for (var i = 0; i < axes.Length; i++)
            axes[i] = Shape.NormalizeAxis(order[i]);
        if (axes.Length != Rank || axes.Distinct().Count() != Rank)
            throw new ArgumentException($"Permute of shape {Shape} expects each of {Rank} axes once but got ({string.Join(", ", order.ToArray())}).");
        return new PermuteOperation(axes).Apply(this);
    }

    /// <summary>Two axes exchanged; by default the last two, which transposes a matrix. Copies.</summary>
    public Tensor Transpose(int axis1 = -2, int axis2 = -1)
    {
        var order = Enumerable.Range(0, Rank).ToArray();
        var (a, b) = (Shape.NormalizeAxis(axis1), Shape.NormalizeAxis(axis2));
        (order[a], order[b]) = (order[b], order[a]);
        return Permute(order);
    }
}
