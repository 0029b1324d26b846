namespace Glia.Plots;

/// <summary>An upright axis of a chart of parallel coordinates.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Low">The value at its foot.</param>
/// <param name="High">The value at its head.</param>
public sealed record ParallelAxis(string Name, double Low, double High)
{
    /// <summary>Whether it is logarithmic; false by default.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Names of the values 0, 1, …, in place of numbers from <see cref="Low"/> to <see cref="High"/>; null (the default) for numbers.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Where a value lies from foot to head, 0 to 1; NaN where it does not lie on the axis.</summary>
    internal double PositionOf(double value)
    {
        if (Categories is { } names)
            return value >= 0 && value <= names.Count - 1 ? (value + 0.5) / names.Count : double.NaN;
        var (low, high, at) = IsLogarithmic ? (Math.Log10(Low), Math.Log10(High), Math.Log10(value)) : (Low, High, value);
        var position = high > low ? (at - low) / (high - low) : 0.5;
        return position is >= -1e-9 and <= 1 + 1e-9 ? Math.Clamp(position, 0, 1) : double.NaN;
    }

    /// <summary>Positions of its ticks and what they say; the ends always among them.</summary>
    internal Ticks TicksOf(int most)
    {
        if (Categories is { } names)
            return new Ticks([.. names.Select((_, i) => PositionOf(i))], [.. names]);
        if (!(High > Low))
            return new Ticks([0.5], [Text(Low)]);
        var inner = IsLogarithmic ? Ticks.Log(Math.Log10(Low), Math.Log10(High), most) : Ticks.Linear(Low, High, most);
        var positions = inner.Positions.Select(at => IsLogarithmic ? PositionOf(Math.Pow(10, at)) : PositionOf(at)).ToArray();
        const double tooNear = 0.06;
        var kept = Enumerable.Range(0, positions.Length).Where(i => positions[i] > tooNear && positions[i] < 1 - tooNear).ToArray();
        return new Ticks([0, .. kept.Select(i => positions[i]), 1], [Text(Low), .. kept.Select(i => inner.Labels[i]), Text(High)]);
    }

    private static string Text(double value) => value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture);
}
