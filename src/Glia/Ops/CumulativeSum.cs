using Glia.Autograd;
using Glia.Backends;

namespace Glia;

/// <summary>Running sums along an axis, from the front or from the back; each is the other's transpose.</summary>
internal sealed class CumulativeSumOperation(int axis, bool reverse) : Operation
{
    public override string Name => "CumulativeSum";

    public int Axis => axis;

    public bool IsReverse => reverse;

    public override Shape OutputShape(Tensor[] x) => x[0].Shape;

    public override void Forward(Backend backend, Tensor[] x, Tensor y)
    {
        var (outer, count, inner) = Axes.Split(y.Shape, axis);
        backend.CumulativeSum(reverse, outer, count, inner, x[0], y);
    }

    public override Tensor InputGradient(int i, Tensor y, Tensor dy) => new CumulativeSumOperation(axis, !reverse).Apply(dy);

    public override Tensor Tangent(Tensor y, Tensor?[] tangents) => new CumulativeSumOperation(axis, reverse).Apply(tangents[0]!);
}

public partial class Tensor
{
    /// <summary>Running sums along an axis: y[j] = x[0] + … + x[j].</summary>
    public Tensor CumulativeSum(int axis) => new CumulativeSumOperation(Shape.NormalizeAxis(axis), reverse: false).Apply(this);
}
