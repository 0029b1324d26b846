using Glia.Initializers;
using Glia.Layers;

namespace Glia.Conformance.Operations;

/// <summary>The expected statistics of initial weights, and that drawn ones have them.</summary>
internal static class Initializers
{
    private const int MostDrawn = 10_000_000;

    private static readonly Shape SampleShape = 200_000;

    public static OperationTable Table { get; } = new()
    {
        { "kaiming_normal", c => Kaiming(c, Distribution.Normal) },
        { "kaiming_uniform", c => Kaiming(c, Distribution.Uniform) },
        { "orthogonal", Orthogonal },
        { "trunc_normal", TruncatedNormal },
        { "xavier_normal", c => Xavier(c, Distribution.Normal) },
        { "xavier_uniform", c => Xavier(c, Distribution.Uniform) },
    };

    private static Results Kaiming(ConformanceCase c, Distribution distribution)
    {
        var mode = c.Options.Text("mode", "fan_in") switch
        {
            "fan_in" => FanMode.In,
            "fan_out" => FanMode.Out,
            var other => throw new UnsupportedException($"unsupported: fan mode '{other}'"),
        };
        return Scaled(c, Initializer.He(Gain(c), mode, distribution), distribution);
    }

    private static Results Xavier(ConformanceCase c, Distribution distribution)
    {
        UnsupportedException.ThrowIf(!c.Options.IsMissing("mode"), "Xavier's weights with a fan mode");
        return Scaled(c, Initializer.Glorot(Gain(c), distribution), distribution);
    }

    private static Results Scaled(ConformanceCase c, Initializer initializer, Distribution distribution)
    {
        var shape = new Shape(c.Options.Integers("shape"));
        var std = ((RandomInitializer)initializer).StandardDeviation(shape);
        var (fanIn, fanOut) = Initializer.Fans(shape);
        var results = new Results
        {
            ["out.std"] = Tensor.Scalar(std, c.DType),
            ["out.fan"] = Tensor.From<long>([(long)fanIn, (long)fanOut]),
        };
        var bound = distribution == Distribution.Uniform ? std * Math.Sqrt(3) : double.PositiveInfinity;
        if (double.IsFinite(bound))
            results["out.bound"] = Tensor.Scalar(bound, c.DType);
        if (shape.Count <= MostDrawn)
            RequireStatistics(Draw(initializer, shape, c.DType), 0, std, -bound, bound);
        return results;
    }

    private static Results TruncatedNormal(ConformanceCase c)
    {
        var (mean, std, low, high) = (c.Options.Number("mean", 0), c.Options.Number("std", 1), c.Options.Number("a", -2), c.Options.Number("b", 2));
        c.Options.FollowFromShapes("shape");
        var initializer = Initializer.TruncatedNormal(mean, std, low, high);
        var truncated = ((RandomInitializer)initializer).StandardDeviation(SampleShape);
        if (high - mean == mean - low)
            RequireStatistics(Draw(initializer, SampleShape, c.DType), mean, truncated, low, high);
        return new() { ["out.std"] = Tensor.Scalar(truncated, c.DType), ["out.bound"] = Tensor.Scalar(high, c.DType) };
    }

    private static Results Orthogonal(ConformanceCase c)
    {
        var weight = Draw(Initializer.Orthogonal(c.Options.Number("gain", 1)), new Shape(c.Options.Integers("shape")), c.DType);
        var rows = weight.Shape[0];
        var matrix = weight.Reshape(rows, weight.Count / rows);
        return new() { ["out.gram"] = rows <= matrix.Shape[1] ? matrix.MatMul(matrix, transposeB: true) : matrix.MatMul(matrix, transposeA: true) };
    }

    private static Tensor Draw(Initializer initializer, Shape shape, DType dtype)
    {
        var tensor = Tensor.Zeros(shape, dtype);
        initializer.Fill(tensor, new Rng(1));
        return tensor;
    }

    /// <summary>Within five standard errors, the bounds exactly, up to the rounding of the type.</summary>
    private static void RequireStatistics(Tensor sample, double mean, double std, double low, double high)
    {
        var values = sample.To(DType.Float64);
        var (sampleMean, sampleStd) = (values.Mean().Item(), Math.Sqrt(values.Variance([]).Item()));
        var slack = double.IsFinite(high) ? 1e-6 * (high - low) : 0;
        if (Math.Abs(sampleMean - mean) > 5 * std / Math.Sqrt(sample.Count))
            throw new InvalidOperationException(FormattableString.Invariant($"the mean of a sample is {sampleMean} where {mean} was expected"));
        if (Math.Abs(sampleStd - std) > 5 * std / Math.Sqrt(2.0 * sample.Count))
            throw new InvalidOperationException(FormattableString.Invariant($"the standard deviation of a sample is {sampleStd} where {std} was expected"));
        if (values.Min().Item() < low - slack || values.Max().Item() > high + slack)
            throw new InvalidOperationException(FormattableString.Invariant($"a sample reaches from {values.Min().Item()} to {values.Max().Item()} beyond {low} and {high}"));
    }

    /// <summary>By Glia's own table where it has the activation, else the gain that the case gives.</summary>
    private static double Gain(ConformanceCase c)
    {
        var given = c.Options.Number("gain", 1);
        var slope = c.Options.Number("param", 0.01);
        return c.Options.Text("nonlinearity", "") switch
        {
            "relu" => Initializer.GainOf(new ReLU()),
            "leaky_relu" => Initializer.GainOf(new LeakyReLU(slope)),
            "tanh" => Initializer.GainOf(new Tanh()),
            "sigmoid" => Initializer.GainOf(new Sigmoid()),
            _ => given,
        };
    }
}
