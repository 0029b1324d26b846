namespace Glia.Ops;

/// <summary>Rules shared by the operations that broadcast.</summary>
internal static class Broadcasting
{
    public static Shape Common(string who, Shape a, Shape b)
    {
        if (!Shape.TryBroadcast(a, b, out var shape))
        {
            throw ShapeException.Of(
                who, "shapes whose sizes are equal or 1, aligned at the last axis,", $"{a} and {b}", "Reshape one of them, or sum over an axis with keepDims: true.");
        }
        return shape;
    }

    /// <summary>Sums over the axes along which <paramref name="shape"/> was broadcast to x's shape: the transpose of broadcasting.</summary>
    public static Tensor SumTo(Tensor x, Shape shape)
    {
        if (x.Shape == shape)
            return x;
        var lead = x.Rank - shape.Rank;
        var axes = Enumerable.Range(0, x.Rank).Where(d => d < lead || (shape.Sizes[d - lead] == 1 && x.Shape.Sizes[d] != 1)).ToArray();
        return (axes.Length == 0 ? x : x.Sum(axes)).Reshape(shape);
    }
}
