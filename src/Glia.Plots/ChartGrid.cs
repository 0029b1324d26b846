namespace Glia.Plots;

/// <summary>Values at the points of a grid, as <see cref="Chart.Surface"/> draws them.</summary>
public sealed class ChartGrid
{
    /// <summary>Creates a grid.</summary>
    /// <param name="x">The x of each column, finite and rising; at least 2.</param>
    /// <param name="y">The y of each row, finite and rising; at least 2.</param>
    /// <param name="values">A row for each y with a value for each x. NaN, infinity and anything beyond ±1e100 count as no value: such cells are grey.</param>
    /// <exception cref="ArgumentException">The numbers of columns, rows and values do not fit, or coordinates do not rise.</exception>
    public ChartGrid(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<IReadOnlyList<double>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        (X, Y, Values) = (Rising(x, nameof(x)), Rising(y, nameof(y)), values);
        if (values.Count != Y.Count)
            throw new ArgumentException($"The grid has {Y.Count} y but {values.Count} rows of values; give a row for each.", nameof(values));
        for (var row = 0; row < values.Count; row++)
        {
            if (values[row].Count != X.Count)
                throw new ArgumentException($"The grid has {X.Count} x but row {row} has {values[row].Count} values; give one for each.", nameof(values));
        }
    }

    /// <summary>The x of each column.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>The y of each row.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>A row for each y with a value for each x.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Values { get; }

    /// <summary>The values to draw by row and column, with log₁₀ of them on a logarithmic scale; NaN for none.</summary>
    internal double[,] Drawable(bool logScale)
    {
        var drawable = new double[Y.Count, X.Count];
        for (var row = 0; row < Y.Count; row++)
        {
            for (var column = 0; column < X.Count; column++)
            {
                var value = Values[row][column];
                drawable[row, column] = !ChartText.IsDrawable(value) || (logScale && value <= 0) ? double.NaN : logScale ? Math.Log10(value) : value;
            }
        }

        return drawable;
    }

    private static IReadOnlyList<double> Rising(IReadOnlyList<double> positions, string axis)
    {
        ArgumentNullException.ThrowIfNull(positions, axis);
        if (positions.Count < 2)
            throw new ArgumentException($"The grid has {positions.Count} {axis}; give at least 2.", axis);
        for (var i = 0; i < positions.Count; i++)
        {
            if (!ChartText.IsDrawable(positions[i]) || (i > 0 && positions[i] <= positions[i - 1]))
                throw new ArgumentException(FormattableString.Invariant($"The {axis} of a grid must be finite and rise, but number {i} is {positions[i]}."), axis);
        }

        return positions;
    }
}
