using Glia.Layers;

namespace Glia.Conformance.Operations;

/// <summary>Sizes per axis as Glia's layers take them.</summary>
internal static class Sizes
{
    public static Size2D Of2D(int[] sizes) => (sizes[0], sizes[1]);

    public static Size3D Of3D(int[] sizes) => (sizes[0], sizes[1], sizes[2]);

    public static Padding Padding(int[] amounts) => Layers.Padding.Sides([.. amounts.Select(a => (a, a))]);
}

/// <summary>Layers take batches; PyTorch also takes one sample.</summary>
internal static class Batches
{
    public static Tensor Forward(Layer layer, Tensor x, int rank, ForwardContext? context = null)
    {
        context ??= ForwardContext.Inference;
        if (x.Rank == rank)
            return layer.Forward(x, context);
        var y = layer.Forward(x.Reshape(new Shape([1, .. x.Shape.Sizes])), context);
        return y.Reshape(new Shape(y.Shape.Sizes[1..].ToArray()));
    }
}
