namespace Glia.Initializers;

/// <summary>Normal numbers between two bounds, by rejection from the uniform distribution: exact also far from the mean.</summary>
internal sealed class TruncatedNormalInitializer : RandomInitializer
{
    private readonly double _mean;
    private readonly double _std;
    private readonly double _low;
    private readonly double _high;

    // In units of the standard deviation: the point of highest density, and the interval that holds all but e⁻⁴⁰ of the mass.
    private readonly double _mode;
    private readonly double _from;
    private readonly double _to;

    public TruncatedNormalInitializer(double mean, double std, double low, double high)
    {
        if (!(std > 0 && double.IsFinite(std) && double.IsFinite(mean)))
            throw new ArgumentException(FormattableString.Invariant($"TruncatedNormal expects a finite mean and a positive standard deviation but got {mean} and {std}."));
        if (!(low < high))
            throw new ArgumentException(FormattableString.Invariant($"TruncatedNormal expects bounds in order but got {low} and {high}."));
        (_mean, _std, _low, _high) = (mean, std, low, high);
        _mode = Math.Clamp(0, (low - mean) / std, (high - mean) / std);
        var reach = Math.Min(9, 40 / Math.Abs(_mode));
        _from = Math.Max((low - mean) / std, _mode - reach);
        _to = Math.Min((high - mean) / std, _mode + reach);
    }

    public override void Fill(Tensor tensor, Rng rng)
    {
        for (var i = 0; i < tensor.Count; i++)
            tensor.SetFlat(i, Draw(rng));
    }

    /// <summary>From the moments of the density by Simpson's rule.</summary>
    public override double StandardDeviation(Shape shape)
    {
        const int Intervals = 20_000;
        var h = (_to - _from) / Intervals;
        var (mass, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i <= Intervals; i++)
        {
            var offset = _from - _mode + (i * h);
            var weight = Density(_mode + offset) * (i is 0 or Intervals ? 1 : i % 2 == 1 ? 4 : 2);
            mass += weight;
            first += weight * offset;
            second += weight * offset * offset;
        }
        return _std * Math.Sqrt((second / mass) - (first / mass * (first / mass)));
    }

    private double Draw(Rng rng)
    {
        double x;
        do
            x = _from + ((_to - _from) * rng.NextDouble());
        while (rng.NextDouble() >= Density(x));
        return Math.Clamp(_mean + (_std * x), _low, _high);
    }

    /// <summary>Relative to that of the mode.</summary>
    private double Density(double x) => Math.Exp((_mode - x) * (_mode + x) / 2);
}
