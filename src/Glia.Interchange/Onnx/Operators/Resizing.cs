using Glia.Replay;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Images of other sizes. Every axis is resized by itself: nearest elements are chosen, others are weighted sums along the axis.</summary>
internal static class Resizing
{
    private const string Coordinates = "coordinate_transformation_mode:s=half_pixel|half_pixel_symmetric|pytorch_half_pixel|align_corners|asymmetric|tf_half_pixel_for_nn|tf_crop_and_resize";

    public static Operator[] All =>
    [
        new("Resize", 10, "1-4",
            "antialias:i axes:I cubic_coeff_a:f exclude_outside:i extrapolation_value:f keep_aspect_ratio_policy:s=stretch|not_larger|not_smaller mode:s=nearest|linear|cubic "
            + "nearest_mode:s=round_prefer_floor|round_prefer_ceil|floor|ceil " + Coordinates, Resize, OperatorTraits.Grows),
        new("Upsample", 1, "1-2", "mode:s=nearest|linear|bilinear scales:F", Upsample, OperatorTraits.Grows),
    ];

    private static Value[] Upsample(NodeCall c)
    {
        var scales = c.Has(1) ? c.Numbers(1) : c.Attributes.Floats("scales") ?? throw new ArgumentException("scales were expected.");
        if (scales.Length != c.X.Rank)
            throw new ArgumentException($"{c.X.Rank} scales were expected but got {scales.Length}.");
        var mode = c.Text("mode", "nearest");
        return c.Same(ViaDouble(c.X, x =>
        {
            for (var axis = 0; axis < scales.Length; axis++)
                x = Along(x, axis, AxisResize.By(x.Shape[axis], scales[axis]) with { Mode = mode == "nearest" ? "nearest" : "linear", Coordinates = "asymmetric", Nearest = "floor" });
            return x;
        }));
    }

    private static Value[] Resize(NodeCall c)
    {
        var isOld = c.Opset < 11;
        var axes = c.Ints("axes") is { } given ? Array.ConvertAll(given, a => c.X.Shape.NormalizeAxis(a)) : [.. Enumerable.Range(0, c.X.Rank)];
        var scaleInput = isOld ? 1 : 2;
        var scales = c.Has(scaleInput) && c.In(scaleInput).Count > 0 ? c.Numbers(scaleInput) : null;
        double? ratio = null;
        var sizes = scales is null && c.Has(3) ? Sizes(c, axes, c.Ints(3), out ratio) : null;
        if ((scales?.Length ?? sizes?.Length) != axes.Length)
            throw new ArgumentException($"scales or sizes for {axes.Length} axes were expected.");
        var settings = new AxisResize(0, 0, 1)
        {
            Mode = c.Text("mode", "nearest"),
            Coordinates = c.Text("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel"),
            Nearest = c.Text("nearest_mode", isOld ? "floor" : "round_prefer_floor"),
            CubicCoefficient = c.Float("cubic_coeff_a", -0.75),
            ExcludesOutside = c.Flag("exclude_outside"),
            IsAntialiased = c.Flag("antialias"),
        };
        var region = settings.Coordinates == "tf_crop_and_resize" ? c.Numbers(1) : null;
        if (region is not null && region.Length != 2 * axes.Length)
            throw new ArgumentException($"a region of {2 * axes.Length} numbers was expected but got {region.Length}.");
        return c.Same(ViaDouble(c.X, x =>
        {
            for (var i = 0; i < axes.Length; i++)
            {
                var input = x.Shape[axes[i]];
                var size = scales is null ? AxisResize.To(input, sizes![i]) : AxisResize.By(input, scales[i]);
                // Version 10 rounds up where an axis gets smaller.
                var nearest = isOld && size.Scale < 1 ? "ceil" : settings.Nearest;
                var one = settings with { Nearest = nearest, In = input, Out = size.Out, Scale = ratio ?? size.Scale, Region = region is null ? null : (region[i], region[i + axes.Length]) };
                x = Along(x, axes[i], one);
                if (region is not null)
                    x = Extrapolated(x, axes[i], one, c.Float("extrapolation_value", 0));
            }
            return x;
        }));
    }

    /// <summary>The sizes asked for, or those that keep the image's proportions.</summary>
    private static int[] Sizes(NodeCall c, int[] axes, int[] sizes, out double? ratio)
    {
        ratio = null;
        var policy = c.Text("keep_aspect_ratio_policy", "stretch");
        if (policy == "stretch" || sizes.Length != axes.Length)
            return sizes;
        var ratios = sizes.Select((s, i) => s / (double)c.X.Shape[axes[i]]);
        var factor = policy == "not_larger" ? ratios.Min() : ratios.Max();
        ratio = factor;
        return [.. axes.Select(a => (int)Math.Floor((factor * c.X.Shape[a]) + 0.5))];
    }

    private static Tensor Along(Tensor x, int axis, AxisResize resize)
    {
        if (resize.IsIdentity)
            return x;
        if (resize.Out < 0 || resize.In == 0)
            throw new ArgumentException($"axis {axis} of {x.Shape} cannot be resized to {resize.Out}.");
        if (resize.Mode != "nearest")
            return Tensor.Mix(x, axis, resize.Weights());
        if (resize.WholeFactor is { } factor && axis > 0)
        {
            int[] apart = [.. x.Shape.Sizes[..(axis + 1)], 1, .. x.Shape.Sizes[(axis + 1)..]];
            int[] spread = [.. x.Shape.Sizes[..(axis + 1)], factor, .. x.Shape.Sizes[(axis + 1)..]];
            return x.Reshape(new Shape(apart)).BroadcastTo(new Shape(spread)).Reshape(x.Shape.With(axis, resize.Out));
        }
        return x.IndexSelect(axis, Recorder.Fixed(resize, static r => Tensor.From(r.NearestPlaces())));
    }

    private static Tensor Extrapolated(Tensor x, int axis, AxisResize resize, double value)
    {
        var isOutside = Recorder.Fixed(resize, static r => Tensor.From([.. Enumerable.Range(0, r.Out).Select(i => r.Place(i) < 0 || r.Place(i) > r.In - 1)]));
        return Tensor.Where(isOutside.Reshape([resize.Out, .. Enumerable.Repeat(1, x.Rank - 1 - axis)]), Scalar(value, x.DType), x);
    }
}
