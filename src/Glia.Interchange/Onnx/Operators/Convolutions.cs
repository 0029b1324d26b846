using Glia.Layers;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Convolution and its transpose, over one to three axes.</summary>
internal static class Convolutions
{
    public static Operator[] All =>
    [
        new("Conv", 1, "2-3", WindowSettings.Attributes + " group:i", c => c.Same(Conv(c, c.X, c.In(1), c.Maybe(2), null)), OperatorTraits.Grows),
        new("ConvTranspose", 1, "2-3", WindowSettings.Attributes + " group:i output_padding:I output_shape:I", ConvTranspose, OperatorTraits.Grows),
        new("Col2Im", 18, "3", "dilations:I pads:I strides:I", Col2Im, OperatorTraits.Grows),
    ];

    /// <summary>act(conv(x, w) + b), which passes over a graph make of a convolution and an activation function.</summary>
    public static Operator FusedConv { get; } = new("Conv", 1, "2-3", "", c => c.Same(Conv(c, c.X, c.In(1), c.Maybe(2), c.Attributes.Get<ActivationFunction>("activation"))));

    public static Tensor Conv(NodeCall c, Tensor x, Tensor w, Tensor? b, ActivationFunction? activation)
    {
        if (x.Rank < 3 || w.Rank != x.Rank)
            throw new ArgumentException($"an input (batch, channels, …) and weights of as many axes were expected but got {x.Shape} and {w.Shape}.");
        RequireAxes(x.Rank - 2);
        var window = WindowSettings.Of(c, x.Shape.Sizes[2..], w.Shape.Sizes[2..]);
        var (crop, before, after) = Crop(x, window);
        window = window with { Before = before, After = after };
        return Tensor.Convolve("Conv", crop, w, b, new(window.Windows, c.Int("group", 1), useBias: false), activation);
    }

    public static void RequireAxes(int axes)
    {
        if (axes is < 1 or > 3)
            throw new ArgumentException($"images of one to three axes are supported, but this one has {axes}.");
    }

    /// <summary>Padding below 0 takes elements away.</summary>
    private static (Tensor X, int[] Before, int[] After) Crop(Tensor x, WindowSettings window)
    {
        for (var i = 0; i < window.Axes; i++)
        {
            var (before, after) = (Math.Min(0, window.Before[i]), Math.Min(0, window.After[i]));
            if (before < 0 || after < 0)
                x = x.Slice(i + 2, -before, x.Shape[i + 2] + before + after);
        }
        return (x, Array.ConvertAll(window.Before, p => Math.Max(0, p)), Array.ConvertAll(window.After, p => Math.Max(0, p)));
    }

    private static Value[] ConvTranspose(NodeCall c)
    {
        var (x, w) = (c.X, c.In(1));
        if (x.Rank < 3 || w.Rank != x.Rank)
            throw new ArgumentException($"an input (batch, channels, …) and weights of as many axes were expected but got {x.Shape} and {w.Shape}.");
        var axes = x.Rank - 2;
        RequireAxes(axes);
        var window = WindowSettings.Of(c, x.Shape.Sizes[2..], w.Shape.Sizes[2..]);
        var extra = c.Ints("output_padding") ?? new int[axes];
        if (extra.Length != axes || Array.Exists(extra, e => e < 0))
            throw new ArgumentException($"an output_padding of {axes} numbers of at least 0 was expected.");
        extra = [.. extra];
        var auto = c.Text("auto_pad", "NOTSET");
        var wanted = c.Ints("output_shape");
        // The input's axes are sizes of the image alone; some files give the whole shape.
        wanted = wanted?.Length == axes + 2 ? wanted[2..] : wanted;
        var (before, after) = (window.Before, window.After);
        if (wanted is not null || auto is "SAME_UPPER" or "SAME_LOWER")
        {
            (before, after) = (new int[axes], new int[axes]);
            for (var i = 0; i < axes; i++)
            {
                var size = wanted is null ? checked(x.Shape[i + 2] * window.Strides[i]) : wanted[i];
                var total = checked((window.Strides[i] * (x.Shape[i + 2] - 1)) + extra[i] + ((window.Kernel[i] - 1) * window.Dilations[i]) + 1 - size);
                if (total < 0)
                    extra[i] -= total;
                total = Math.Max(0, total);
                before[i] = auto == "SAME_UPPER" ? total / 2 : total - (total / 2);
                after[i] = total - before[i];
            }
        }
        var windows = new Windows(window.Kernel, window.Strides, Padding.Sides([.. before.Zip(after)]), window.Dilations);
        return c.Same(Tensor.ConvolveTransposed("ConvTranspose", x, w, c.Maybe(2), new(windows, c.Int("group", 1), useBias: false), extra));
    }

    /// <summary>Columns of blocks added up to an image: the transposed convolution whose kernel picks out each place of a block.</summary>
    private static Value[] Col2Im(NodeCall c)
    {
        var (image, block) = (c.Ints(1), c.Ints(2));
        var axes = image.Length;
        RequireAxes(axes);
        var (strides, dilations) = (c.Ints("strides") ?? WindowSettings.Ones(axes), c.Ints("dilations") ?? WindowSettings.Ones(axes));
        var pads = c.Ints("pads") ?? new int[2 * axes];
        var taps = block.Aggregate(1, (a, b) => checked(a * b));
        var (batch, channels) = (c.X.Shape[0], c.X.Shape[1] / taps);
        var counts = new int[axes];
        var extra = new int[axes];
        for (var i = 0; i < axes; i++)
        {
            var slack = checked(image[i] + pads[i] + pads[i + axes] - ((block[i] - 1) * dilations[i]) - 1);
            counts[i] = (slack / strides[i]) + 1;
            extra[i] = slack % strides[i];
        }
        var weight = Generation.Identity(taps, c.X.DType).Reshape(new Shape([taps, 1, .. block]));
        var windows = new Windows(block, strides, Padding.Sides([.. pads[..axes].Zip(pads[axes..])]), dilations);
        var columns = c.X.Reshape(new Shape([batch * channels, taps, .. counts]));
        var y = Tensor.ConvolveTransposed("Col2Im", columns, weight, null, new(windows, 1, useBias: false), extra);
        return c.Same(y.Reshape(new Shape([batch, channels, .. image])));
    }
}
