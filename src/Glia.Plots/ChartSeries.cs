namespace Glia.Plots;

/// <summary>One curve of a chart.</summary>
public sealed class ChartSeries
{
    /// <summary>Creates a curve.</summary>
    /// <param name="name">What the legend calls it, for example "training".</param>
    /// <param name="values">
    /// The value at epoch 1, 2, …; at least one. NaN, infinity and anything beyond ±1e100 count as no value: the curve passes over them.
    /// </param>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public ChartSeries(string name, IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);
        Name = ChartText.Clean(name);
        if (values.Count == 0)
            throw new ArgumentException($"The series '{Name}' is empty; a curve needs at least one value.", nameof(values));
        Values = values;
    }

    /// <summary>What the legend calls the curve.</summary>
    public string Name { get; }

    /// <summary>The value at epoch 1, 2, ….</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The points that can be drawn: finite, not beyond ±1e100 and, on a logarithmic axis, positive.</summary>
    internal List<(int Epoch, double Value)> Points(bool logScale)
    {
        var points = new List<(int, double)>(Values.Count);
        for (var i = 0; i < Values.Count; i++)
        {
            if (ChartText.IsDrawable(Values[i]) && (!logScale || Values[i] > 0))
                points.Add((i + 1, Values[i]));
        }

        return points;
    }

    /// <summary>The drawable points of all series.</summary>
    /// <exception cref="ArgumentException">There is no series, or none has a point that can be drawn.</exception>
    internal static List<(int Epoch, double Value)>[] AllPoints(IReadOnlyList<ChartSeries> series, bool logScale)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0)
            throw new ArgumentException("There is no series to draw; give at least one.", nameof(series));
        var points = series.Select(one => one.Points(logScale)).ToArray();
        if (points.All(one => one.Count == 0))
        {
            var need = logScale ? "finite and positive, as a logarithmic axis needs" : "finite";
            var names = string.Join(", ", series.Select(one => $"'{one.Name}'"));
            throw new ArgumentException($"No value of {names} is {need}.", nameof(series));
        }

        return points;
    }
}
