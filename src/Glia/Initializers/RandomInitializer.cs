namespace Glia.Initializers;

/// <summary>An initialiser that draws every number independently.</summary>
internal abstract class RandomInitializer : Initializer
{
    /// <summary>The standard deviation of the numbers drawn for a shape.</summary>
    public abstract double StandardDeviation(Shape shape);
}

/// <summary>Even between two numbers.</summary>
internal sealed class UniformInitializer : RandomInitializer
{
    private readonly double _low;
    private readonly double _high;

    public UniformInitializer(double low, double high)
    {
        if (!(low <= high && double.IsFinite(high - low)))
            throw new ArgumentException(FormattableString.Invariant($"Uniform expects finite bounds in order but got {low} and {high}."));
        _low = low;
        _high = high;
    }

    public override double StandardDeviation(Shape shape) => (_high - _low) / Math.Sqrt(12);

    public override void Fill(Tensor tensor, Rng rng) => rng.FillUniform(tensor, _low, _high);
}

/// <summary>Normal with given moments.</summary>
internal sealed class NormalInitializer(double mean, double std) : RandomInitializer
{
    private readonly double _std = RequireScale(std, nameof(std));

    public override double StandardDeviation(Shape shape) => _std;

    public override void Fill(Tensor tensor, Rng rng) => rng.FillNormal(tensor, mean, _std);
}

/// <summary>σ = gain / √fan.</summary>
internal sealed class ScaledInitializer(double gain, FanMode mode, Distribution distribution) : RandomInitializer
{
    private readonly double _gain = RequireScale(gain, nameof(gain));

    public override double StandardDeviation(Shape shape)
    {
        var (fanIn, fanOut) = Fans(shape);
        var fan = mode switch
        {
            FanMode.In => fanIn,
            FanMode.Out => fanOut,
            _ => (fanIn + fanOut) / 2,
        };
        return _gain / Math.Sqrt(Math.Max(1, fan));
    }

    public override void Fill(Tensor tensor, Rng rng)
    {
        var std = StandardDeviation(tensor.Shape);
        var bound = Math.Sqrt(3) * std;
        if (distribution == Distribution.Uniform)
            rng.FillUniform(tensor, -bound, bound);
        else
            rng.FillNormal(tensor, 0, std);
    }
}
