using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Pooling
{
    public static OperationTable Table { get; } = new()
    {
        { "adaptive_avg_pool1d", c => Adaptive(c, 1, s => new AdaptiveAvgPool1D(s[0])) },
        { "adaptive_avg_pool2d", c => Adaptive(c, 2, s => new AdaptiveAvgPool2D(Sizes.Of2D(s))) },
        { "adaptive_avg_pool3d", c => Adaptive(c, 3, s => new AdaptiveAvgPool3D(Sizes.Of3D(s))) },
        { "adaptive_max_pool1d", c => Adaptive(c, 1, s => new AdaptiveMaxPool1D(s[0])) },
        { "adaptive_max_pool2d", c => Adaptive(c, 2, s => new AdaptiveMaxPool2D(Sizes.Of2D(s))) },
        { "adaptive_max_pool3d", c => Adaptive(c, 3, s => new AdaptiveMaxPool3D(Sizes.Of3D(s))) },
        { "avg_pool1d", c => Average(c, 1, (w, counts) => new AvgPool1D(w.Kernel[0], w.Stride[0], w.Padding, w.Ceil, counts)) },
        { "avg_pool2d", c => Average(c, 2, (w, counts) => new AvgPool2D(Sizes.Of2D(w.Kernel), Sizes.Of2D(w.Stride), w.Padding, w.Ceil, counts)) },
        { "avg_pool3d", c => Average(c, 3, (w, counts) => new AvgPool3D(Sizes.Of3D(w.Kernel), Sizes.Of3D(w.Stride), w.Padding, w.Ceil, counts)) },
        { "global_avg_pool1d", c => Global(c, 1, new GlobalAvgPool1D()) },
        { "global_avg_pool2d", c => Global(c, 2, new GlobalAvgPool2D()) },
        { "global_avg_pool3d", c => Global(c, 3, new GlobalAvgPool3D()) },
        { "global_max_pool1d", c => Global(c, 1, new GlobalMaxPool1D()) },
        { "global_max_pool2d", c => Global(c, 2, new GlobalMaxPool2D()) },
        { "global_max_pool3d", c => Global(c, 3, new GlobalMaxPool3D()) },
        { "max_pool1d", c => Largest(c, 1, (w, dilation) => new MaxPool1D(w.Kernel[0], w.Stride[0], w.Padding, w.Ceil, dilation[0])) },
        { "max_pool2d", c => Largest(c, 2, (w, dilation) => new MaxPool2D(Sizes.Of2D(w.Kernel), Sizes.Of2D(w.Stride), w.Padding, w.Ceil, Sizes.Of2D(dilation))) },
        { "max_pool3d", c => Largest(c, 3, (w, dilation) => new MaxPool3D(Sizes.Of3D(w.Kernel), Sizes.Of3D(w.Stride), w.Padding, w.Ceil, Sizes.Of3D(dilation))) },
        { "upsample_bilinear2d", c => Enlarge(c, Interpolation.Bilinear) },
        { "upsample_nearest1d", EnlargeLength },
        { "upsample_nearest2d", c => Enlarge(c, Interpolation.Nearest) },
    };

    private static Tensor Average(ConformanceCase c, int axes, Func<Window, bool, Layer> create)
    {
        var window = WindowOf(c, axes);
        var counts = c.Options.Flag("count_include_pad", true);
        if (c.Options.IsMissing("divisor_override"))
            return Batches.Forward(create(window, counts), c["x"], axes + 2);
        // The mean over whole windows, padding and all, times their size is the sum.
        UnsupportedException.ThrowIf(window.Ceil, "a divisor for windows that hang over the edge");
        var size = window.Kernel.Aggregate(1.0, (product, k) => product * k);
        return Batches.Forward(create(window, true), c["x"], axes + 2) * (size / c.Options.Number("divisor_override"));
    }

    private static Tensor Largest(ConformanceCase c, int axes, Func<Window, int[], Layer> create)
    {
        UnsupportedException.ThrowIf(c.Options.Flag("return_indices", false), "the indices of the largest elements");
        return Batches.Forward(create(WindowOf(c, axes), c.Options.Sizes("dilation", axes, 1)), c["x"], axes + 2);
    }

    private static Tensor Adaptive(ConformanceCase c, int axes, Func<int[], Layer> create) =>
        Batches.Forward(create(c.Options.SizesOr("output_size", c["x"].Shape.Sizes[^axes..].ToArray())), c["x"], axes + 2);

    private static Tensor Global(ConformanceCase c, int axes, Layer layer)
    {
        UnsupportedException.ThrowIf(c.Options.Sizes("output_size", axes, 1).Any(size => size != 1), "global pooling to more than one cell");
        var y = Batches.Forward(layer, c["x"], axes + 2);
        return c.Reference("out.y").Rank == y.Rank ? y : y.Reshape(c.Reference("out.y").Shape);
    }

    private static Tensor Enlarge(ConformanceCase c, Interpolation interpolation)
    {
        UnsupportedException.ThrowIf(c.Options.Flag("align_corners", false), "interpolation with aligned corners");
        c.Options.FollowFromShapes("mode", "recompute_scale_factor");
        return Batches.Forward(new UpSample2D(Sizes.Of2D(Factors(c, 2)), interpolation), c["x"], 4);
    }

    private static Tensor EnlargeLength(ConformanceCase c)
    {
        c.Options.FollowFromShapes("mode", "recompute_scale_factor");
        var x = c["x"].Reshape(new Shape([1, .. Enumerable.Repeat(1, 3 - c["x"].Rank), .. c["x"].Shape.Sizes]));
        var y = new UpSample2D((1, Factors(c, 1)[0])).Forward(x.Permute(1, 2, 0, 3));
        return y.Reshape(c["x"].Shape.With(c["x"].Rank - 1, y.Shape[3]));
    }

    /// <summary>How many times each axis, by factor or by the new size.</summary>
    private static int[] Factors(ConformanceCase c, int axes)
    {
        if (!c.Options.IsMissing("scale_factor"))
            return c.Options.Sizes("scale_factor", axes);
        var (old, size) = (c["x"].Shape.Sizes[^axes..].ToArray(), c.Options.Sizes("size", axes));
        UnsupportedException.ThrowIf(old.Zip(size).Any(p => p.Second % p.First != 0), "enlarging by a factor that is no whole number");
        return [.. old.Zip(size, (o, s) => s / o)];
    }

    private static Window WindowOf(ConformanceCase c, int axes)
    {
        var kernel = c.Options.Sizes("kernel_size", axes);
        return new(kernel, c.Options.Sizes("stride", axes, kernel), Sizes.Padding(c.Options.Sizes("padding", axes, 0)), c.Options.Flag("ceil_mode", false));
    }

    private sealed record Window(int[] Kernel, int[] Stride, Padding Padding, bool Ceil);
}
