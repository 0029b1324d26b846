namespace Glia.Training.Diagnostics;

/// <summary>Statistics of numbers in order.</summary>
internal static class Series
{
    /// <summary>The mean of the part from one share of the length to another; at least one number.</summary>
    public static double Mean(IReadOnlyList<double> values, double from, double to)
    {
        var start = Math.Min((int)(from * values.Count), values.Count - 1);
        var end = Math.Clamp((int)Math.Ceiling(to * values.Count), start + 1, values.Count);
        var sum = 0.0;
        for (var i = start; i < end; i++)
            sum += values[i];
        return sum / (end - start);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    /// <summary>Each number with its neighbours, in the median of three: a single odd epoch does not count.</summary>
    public static IReadOnlyList<double> Smooth(IReadOnlyList<double> values) => values.Count < 3 ? values :
        [.. Enumerable.Range(0, values.Count).Select(i => Median([values[Math.Max(0, i - 1)], values[i], values[Math.Min(values.Count - 1, i + 1)]]))];
}
