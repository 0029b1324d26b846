namespace Glia.Plots;

/// <summary>One part of <see cref="Chart.Matrices"/>: a row for each unit, a column for each step.</summary>
public sealed class ChartMatrix
{
    /// <summary>Creates it.</summary>
    /// <param name="name">What the numbers are.</param>
    /// <param name="values">Row by row; NaN is drawn grey.</param>
    /// <param name="low">The lower end of the scale of colours; the smallest number by default.</param>
    /// <param name="high">The upper end; the largest number by default.</param>
    /// <exception cref="ArgumentException">There are no numbers, or the scale is empty.</exception>
    public ChartMatrix(string name, double[,] values, double? low = null, double? high = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0)
            throw new ArgumentException($"'{name}' has no numbers to draw.", nameof(values));
        (Name, Values) = (ChartText.Clean(name), values);
        Colors = low is null && values.Cast<double>().Any(v => v < 0) || low < 0 ? ImageColors.Signed : ImageColors.Viridis;
        var (least, most) = ImageRamp.Range(Colors, values.Cast<double>());
        Range = (low ?? least, high ?? most);
        if (!(Range.Low < Range.High) || !ChartText.IsDrawable(Range.Low) || !ChartText.IsDrawable(Range.High))
            throw new ArgumentException(FormattableString.Invariant($"The colours of '{name}' need a scale from a number to a larger one, but got {Range.Low} to {Range.High}."), nameof(low));
    }

    /// <summary>What the numbers are.</summary>
    public string Name { get; }

    /// <summary>The numbers, row by row.</summary>
    public double[,] Values { get; }

    /// <summary>What its rows are; null (the default) for what the chart says.</summary>
    public string? RowLabel { get; init; }

    internal (double Low, double High) Range { get; }

    internal ImageColors Colors { get; }
}
