using System.Globalization;

namespace Glia.Plots;

/// <summary>Where an axis has its ticks, and what they say.</summary>
internal sealed record Ticks(double[] Positions, string[] Labels)
{
    /// <summary>Multiples of 1, 2 or 5 × 10ⁿ inside the range, at most <paramref name="most"/> of them.</summary>
    public static Ticks Linear(double low, double high, int most, bool integersOnly = false)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10((high - low) / most)));
        double[] factors = [1, 2, 5, 10];
        step *= factors.First(factor => factor == 10 || Count(low, high, step * factor) <= most);
        if (integersOnly)
            step = Math.Max(1, step);
        var first = Math.Ceiling((low / step) - 1e-9);
        var positions = Enumerable.Range(0, Count(low, high, step)).Select(i => (first + i) * step).ToArray();
        var largest = positions.Select(Math.Abs).DefaultIfEmpty().Max();
        var decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(step) + 1e-9), 0, 12);
        const double manyDigits = 1e7;
        const double fewDigits = 1e-4;
        var plain = largest < manyDigits && step >= fewDigits;
        var format = plain ? "N" + decimals.ToString(CultureInfo.InvariantCulture) : "0.###e+0;-0.###e+0;0";
        return new Ticks(positions, [.. positions.Select(position => (position + 0.0).ToString(format, CultureInfo.InvariantCulture))]);
    }

    /// <summary>
    /// For an axis of log₁₀ values: powers of ten inside the range, thinned when there are many, with 2 and 5 times them when there are
    /// few. Less than a decade is ticked like a linear axis.
    /// </summary>
    public static Ticks Log(double low, double high, int most)
    {
        if (high - low < 1)
        {
            var linear = Linear(Math.Pow(10, low), Math.Pow(10, high), most);
            return linear with { Positions = [.. linear.Positions.Select(Math.Log10)] };
        }

        var (firstPower, lastPower) = ((int)Math.Ceiling(low - 1e-9), (int)Math.Floor(high + 1e-9));
        var every = Math.Max(1, (int)Math.Ceiling((lastPower - firstPower + 1) / (double)most));
        double[] factors = (high - low) * 3 <= most ? [1, 2, 5] : [1];
        var positions = new List<double>();
        var labels = new List<string>();
        for (var power = firstPower - 1; power <= lastPower; power++)
        {
            foreach (var factor in factors)
            {
                var position = power + Math.Log10(factor);
                if (position < low - 1e-9 || position > high + 1e-9 || power % every != 0)
                    continue;
                positions.Add(position);
                labels.Add(power is >= -4 and <= 5
                    ? (factor * Math.Pow(10, power)).ToString("0.####", CultureInfo.InvariantCulture)
                    : string.Create(CultureInfo.InvariantCulture, $"{factor}e{power:+0;-0}"));
            }
        }

        return new Ticks([.. positions], [.. labels]);
    }

    private static int Count(double low, double high, double step) =>
        (int)Math.Min(1e6, Math.Floor((high / step) + 1e-9) - Math.Ceiling((low / step) - 1e-9) + 1);
}
