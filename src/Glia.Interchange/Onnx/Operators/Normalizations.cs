using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Normalisation by mean and variance, or by norms.</summary>
internal static class Normalizations
{
    public static Operator[] All =>
    [
        new("BatchNormalization", 1, "5", "epsilon:f momentum:f spatial:i training_mode:i", BatchNormalization, OperatorTraits.Varies),
        new("InstanceNormalization", 1, "3", "epsilon:f", c => c.Same(c.X.GroupNorm(c.X.Shape[1], c.In(1), c.In(2), Epsilon(c)))),
        new("LayerNormalization", 17, "2-3", "axis:i epsilon:f stash_type:i", LayerNormalization),
        new("GroupNormalization", 18, "3", "epsilon:f num_groups:i stash_type:i", GroupNormalization),
        new("LRN", 1, "1", "alpha:f beta:f bias:f size:i", LocalResponse),
        new("LpNormalization", 1, "1", "axis:i p:i", LpNormalization),
        new("MeanVarianceNormalization", 9, "1", "axes:I", MeanVariance),
    ];

    /// <summary>x·scale + shift per channel, which passes over a graph make of a normalisation by constants.</summary>
    public static Operator ChannelAffine { get; } = new("ChannelAffine", 1, "3", "", c => c.Same((c.X * PerChannel(c.In(1), c.X.Rank)) + PerChannel(c.In(2), c.X.Rank)));

    /// <summary>What multiplies a channel, and what is then added to it, of scale, bias, mean and variance.</summary>
    public static (Tensor Scale, Tensor Shift) Affine(Tensor scale, Tensor bias, Tensor mean, Tensor variance, double epsilon)
    {
        var factor = scale * (variance + epsilon).Rsqrt();
        return (factor, bias - (mean * factor));
    }

    private static double Epsilon(NodeCall c) => Math.Max(c.Float("epsilon", 1e-5), double.Epsilon);

    private static Tensor PerChannel(Tensor x, int rank) => x.Reshape(Axes.PerChannel(x.Count, Math.Max(2, rank)));

    private static Value[] BatchNormalization(NodeCall c)
    {
        var (x, scale, bias, mean, variance) = (c.X, c.In(1), c.In(2), c.In(3), c.In(4));
        var epsilon = c.Float("epsilon", 1e-5);
        if (!c.Flag("spatial", true))
            return c.Same(((x - mean) * (variance + epsilon).Rsqrt() * scale) + bias);
        var isAsked = c.Opset >= 14 && c.Flag("training_mode");
        if (!c.Context.IsTraining && !isAsked)
        {
            var (factor, shift) = Affine(scale, bias, mean.To(x.DType), variance.To(x.DType), epsilon);
            return c.Same((x * PerChannel(factor, x.Rank)) + PerChannel(shift, x.Rank));
        }
        // Asked by the node, one value becomes the shift; a layer that is trained on it learns nothing.
        if (x.Rank < 2 || x.Count == 0 || (!isAsked && x.Count / x.Shape[1] < 2))
            throw new ArgumentException($"normalisation by the batch needs more than one value per channel but got {x.Shape}.");
        var operation = new BatchNormOperation(epsilon);
        var y = operation.Apply(x, scale, bias);
        var momentum = c.Float("momentum", 0.9);
        using (Gradients.NoGrad())
        {
            var newMean = (mean * momentum) + (operation.Mean! * (1 - momentum));
            var newVariance = (variance * momentum) + (operation.Variance! * (1 - momentum));
            // In training the running statistics are the module's own; what the node asks for it gets as outputs.
            if (!isAsked)
            {
                mean.CopyFrom(newMean);
                variance.CopyFrom(newVariance);
            }
            return [new(y, c.Type(0)), new(newMean, c.Type(3)), new(newVariance, c.Type(4)), new(operation.Mean!, c.Type(3)), new(operation.Variance!, c.Type(4))];
        }
    }

    private static Value[] LayerNormalization(NodeCall c)
    {
        var x = c.X;
        var axis = x.Shape.NormalizeAxis(c.Int("axis", -1));
        var normalized = x.Shape.From(axis);
        var (scale, bias) = (c.In(1), c.Maybe(2));
        var y = scale.Shape == normalized && (bias is null || bias.Shape == normalized)
            ? x.LayerNorm(normalized, scale, bias, Epsilon(c))
            : Shifted(x.LayerNorm(normalized, null, null, Epsilon(c)) * scale, bias);
        if (!c.Wants(1) && !c.Wants(2))
            return c.Same(y);
        int[] axes = [.. Enumerable.Range(axis, x.Rank - axis)];
        var mean = x.Mean(axes, keepDims: true);
        var deviation = (x.Variance(axes, keepDims: true) + c.Float("epsilon", 1e-5)).Rsqrt();
        return [new(y, c.Type(0)), Value.Of(mean), Value.Of(deviation)];
    }

    private static Tensor Shifted(Tensor x, Tensor? bias) => bias is null ? x : x + bias;

    /// <summary>Up to version 20 there is a scale and a shift for each group, since then for each channel.</summary>
    private static Value[] GroupNormalization(NodeCall c)
    {
        var groups = c.Int("num_groups", 1);
        var (x, scale, bias) = (c.X, c.In(1), c.In(2));
        var channels = x.Shape[1];
        if (c.Opset < 21 && scale.Count == groups && groups != channels)
            (scale, bias) = (Spread(scale, channels / groups), Spread(bias, channels / groups));
        return c.Same(x.GroupNorm(groups, scale, bias, Epsilon(c)));
    }

    private static Tensor Spread(Tensor x, int times) => x.Reshape(x.Count, 1).BroadcastTo((x.Count, times)).Reshape(x.Count * times);

    /// <summary>x / (bias + α/size · Σ x² over neighbouring channels)^β.</summary>
    private static Value[] LocalResponse(NodeCall c)
    {
        var (x, size) = (c.X, c.Int("size", 1));
        var channels = x.Shape[1];
        // Beyond all channels there is nothing to add.
        var (before, after) = (Math.Min((size - 1) / 2, channels), Math.Min(size - 1 - ((size - 1) / 2), channels));
        var squares = x.Square().Pad(1, before, after);
        var sums = squares.Slice(1, 0, channels);
        for (var i = 1; i <= before + after; i++)
            sums += squares.Slice(1, i, channels);
        var scale = (sums * (c.Float("alpha", 1e-4) / size)) + c.Float("bias", 1);
        return c.Same(x * scale.Pow(-c.Float("beta", 0.75)));
    }

    private static Value[] LpNormalization(NodeCall c)
    {
        var norm = c.X.Norm([c.Int("axis", -1)], c.Int("p", 2), keepDims: true);
        var one = Scalar(1, c.X.DType);
        return c.Same(c.X / Tensor.Where(Tensor.EqualTo(norm, Scalar(0, c.X.DType)), one, norm));
    }

    private static Value[] MeanVariance(NodeCall c)
    {
        var axes = c.Ints("axes") ?? [0, 2, 3];
        var centered = c.X - c.X.Mean(axes, keepDims: true);
        return c.Same(centered / (centered.Square().Mean(axes, keepDims: true).Sqrt() + 1e-9));
    }
}
