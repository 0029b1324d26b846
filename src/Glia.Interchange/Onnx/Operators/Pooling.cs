using Glia.Kernels;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Pooling over windows of one to three axes, and over whole images.</summary>
internal static class Pooling
{
    public static Operator[] All =>
    [
        new("MaxPool", 1, "1", WindowSettings.Attributes + " ceil_mode:i storage_order:i", MaxPool, OperatorTraits.Grows),
        new("AveragePool", 1, "1", WindowSettings.Attributes + " ceil_mode:i count_include_pad:i", AveragePool, OperatorTraits.Grows),
        new("LpPool", 1, "1", WindowSettings.Attributes + " ceil_mode:i p:i", LpPool, OperatorTraits.Grows),
        new("GlobalAveragePool", 1, "1", "", c => c.Same(c.X.Mean(Image(c.X), keepDims: true))),
        new("GlobalMaxPool", 1, "1", "", c => c.Same(c.X.Max(Image(c.X), keepDims: true))),
        new("GlobalLpPool", 1, "1", "p:i", c => c.Same(c.X.Norm(Image(c.X), c.Int("p", 2), keepDims: true))),
        new("MaxUnpool", 9, "2-3", "kernel_shape:I pads:I strides:I", MaxUnpool, OperatorTraits.Grows),
    ];

    private static int[] Image(Tensor x) => x.Rank > 2
        ? [.. Enumerable.Range(2, x.Rank - 2)]
        : throw new ArgumentException($"an input (batch, channels, …) was expected but got {x.Shape}.");

    private static PoolGeometry Geometry(NodeCall c, Tensor x, out WindowSettings window)
    {
        Image(x);
        Convolutions.RequireAxes(x.Rank - 2);
        window = WindowSettings.Of(c, x.Shape.Sizes[2..], default);
        if (window.Before.Concat(window.After).Any(p => p < 0))
            throw new ArgumentException("pads of at least 0 were expected.");
        var (depth, height, width) = window.Over(x.Shape.Sizes[2..]);
        var geometry = new PoolGeometry(x.Shape[0] * x.Shape[1], depth, height, width, c.Flag("ceil_mode"));
        return geometry.OutPlane > 0 ? geometry : throw new ArgumentException($"an image at least as large as the window was expected but got {x.Shape}.");
    }

    private static Shape Output(Tensor x, in PoolGeometry g) => new([x.Shape[0], x.Shape[1], .. ((ReadOnlySpan<int>)[g.OutDepth, g.OutHeight, g.OutWidth])[(5 - x.Rank)..]]);

    private static Value[] MaxPool(NodeCall c)
    {
        var x = c.X.DType.IsFloatingPoint() ? c.X : c.X.To(DType.Float64);
        var geometry = Geometry(c, x, out _);
        var operation = new MaxPoolOperation(geometry, Output(x, geometry));
        var y = operation.Apply(x).To(c.X.DType);
        if (!c.Wants(1))
            return c.Same(y);
        var indices = Make(y.Shape, DType.Int64, (operation.Argmax!, geometry, c.Flag("storage_order")), static (s, result) =>
        {
            var (argmax, g, isColumns) = s;
            var places = argmax.AsSpan<int>();
            var target = result.AsWritableSpan<long>();
            for (var i = 0; i < target.Length; i++)
            {
                var (plane, place) = (i / g.OutPlane, (long)places[i]);
                if (isColumns)
                {
                    var (column, row, slice) = (place % g.Width.In, place / g.Width.In % g.Height.In, place / g.Width.In / g.Height.In);
                    place = (((column * g.Height.In) + row) * g.Depth.In) + slice;
                }
                target[i] = (plane * g.InPlane) + place;
            }
        });
        return [new(y, c.Type(0)), Value.Of(indices)];
    }

    private static Value[] AveragePool(NodeCall c)
    {
        var geometry = Geometry(c, c.X, out _);
        return c.Same(new AveragePoolOperation(geometry, c.Flag("count_include_pad"), transposed: false, Output(c.X, geometry)).Apply(c.X));
    }

    /// <summary>(Σ |x|ᵖ)^(1/p) over each window, the sum being a convolution with ones.</summary>
    private static Value[] LpPool(NodeCall c)
    {
        var x = c.X;
        var p = c.Int("p", 2);
        var geometry = Geometry(c, x, out var window);
        var sizes = Output(x, geometry).Sizes[2..];
        var planes = x.Abs().Pow(p).Reshape(new Shape([x.Shape[0] * x.Shape[1], 1, .. x.Shape.Sizes[2..]]));
        var after = window.After.ToArray();
        for (var i = 0; i < window.Axes; i++)
        {
            // What windows that hang over the edge meet there.
            var needed = ((sizes[i] - 1) * window.Strides[i]) + ((window.Kernel[i] - 1) * window.Dilations[i]) + 1;
            after[i] = Math.Max(after[i], needed - window.Before[i] - x.Shape[i + 2]);
        }
        var ones = Generation.Full(new Shape([1, 1, .. window.Kernel]), 1, x.DType);
        var sums = Tensor.Convolve("LpPool", planes, ones, null, new((window with { After = after }).Windows, 1, useBias: false));
        for (var i = 0; i < window.Axes; i++)
            sums = sums.Shape[i + 2] == sizes[i] ? sums : sums.Slice(i + 2, 0, sizes[i]);
        return c.Same(sums.Pow(1.0 / p).Reshape(Output(x, geometry)));
    }

    private static Value[] MaxUnpool(NodeCall c)
    {
        var (x, axes) = (c.X, c.X.Rank - 2);
        var kernel = c.Ints("kernel_shape") ?? throw new ArgumentException("a kernel_shape was expected.");
        var (strides, pads) = (c.Ints("strides") ?? WindowSettings.Ones(axes), c.Ints("pads") ?? new int[2 * axes]);
        int[] natural = [x.Shape[0], x.Shape[1], .. Enumerable.Range(0, axes).Select(i => ((x.Shape[i + 2] - 1) * strides[i]) - pads[i] - pads[i + axes] + kernel[i])];
        var shape = new Shape(natural);
        var output = c.Has(2) ? new Shape(c.Ints(2)) : shape;
        var y = Make(output, x.DType, (x.Detach(), c.In(1), shape), static (s, y) =>
        {
            var (values, places, natural) = s;
            y.FillInPlace(0);
            var planeIn = natural.From(2).Count;
            var planeOut = y.Shape.From(2).Count;
            for (var i = 0; i < values.Count; i++)
            {
                // Places count within the natural output; a larger one has other strides.
                var place = places.AsSpan<long>()[i];
                var plane = place / Math.Max(1, planeIn);
                var rest = place % Math.Max(1, planeIn);
                if (y.Shape == natural || planeIn == planeOut)
                {
                    plane = place / planeOut;
                    rest = place % planeOut;
                }
                else
                {
                    var moved = 0L;
                    var step = 1L;
                    for (var d = natural.Rank - 1; d >= 2; d--)
                    {
                        moved += rest % natural[d] * step;
                        rest /= natural[d];
                        step *= y.Shape[d];
                    }
                    rest = moved;
                }
                var at = (plane * planeOut) + rest;
                if (at < 0 || at >= y.Count)
                    throw new ArgumentException($"index {place} is outside the output {y.Shape}.");
                y.SetFlat((int)at, values.GetFlat(i));
            }
        });
        return c.Same(y);
    }
}
