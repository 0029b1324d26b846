namespace Glia.Training.Diagnostics;

/// <summary>How many numbers lie in each of several intervals of equal width.</summary>
/// <param name="Low">The lower end of the first interval: the smallest number.</param>
/// <param name="High">The upper end of the last interval: the largest number.</param>
/// <param name="Counts">How many numbers lie in each interval; a number on the border of two counts for the upper one. Numbers that are not finite are left out.</param>
public sealed record Histogram(double Low, double High, IReadOnlyList<long> Counts)
{
    /// <summary>How many intervals there are by default.</summary>
    public const int DefaultBins = 32;

    /// <summary>How many numbers were counted.</summary>
    public long Total => Counts.Sum();

    /// <summary>Counts numbers between the smallest and the largest of them.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="bins">The number of intervals, at least 1; 32 by default.</param>
    public static Histogram Of(ReadOnlySpan<float> values, int bins = DefaultBins)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        if (low > high)
            return new(0, 0, new long[bins]);
        var counts = new long[bins];
        var scale = high > low ? bins / ((double)high - low) : 0;
        foreach (var value in values)
        {
            if (float.IsFinite(value))
                counts[Math.Min((int)(((double)value - low) * scale), bins - 1)]++;
        }
        return new(low, high, counts);
    }

    /// <summary>The share of the numbers for each unit of value at a place, 0 outside; a single value is a peak as wide as a 1000th of its size.</summary>
    /// <param name="value">The place.</param>
    public double DensityAt(double value)
    {
        var width = High > Low ? (High - Low) / Counts.Count : Math.Max(1e-9, Math.Abs(High) / 1000);
        var bin = High > Low ? Math.Min((int)Math.Floor((value - Low) / width), value == High ? Counts.Count - 1 : int.MaxValue) : Math.Abs(value - Low) <= width / 2 ? 0 : -1;
        return bin >= 0 && bin < Counts.Count && Total > 0 ? Counts[bin] / (double)Total / width : 0;
    }
}
