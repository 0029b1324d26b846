using ScottPlot;

namespace Glia.Plots;

internal static class LearningCurvesChart
{
    private const int DefaultWidth = 900;
    private const int DefaultHeight = 540;
    private const int MostPointsWithMarkers = 40;
    private const double RangePadding = 0.06;

    public static Chart Create(string title, (string X, string Y) labels, IReadOnlyList<ChartSeries> series, int? bestEpoch, bool logScale, bool logX = false, double smoothing = 0)
    {
        if (!(smoothing >= 0 && smoothing < 1))
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "The smoothing must be from 0 (none) up to but not including 1.");
        ArgumentNullException.ThrowIfNull(labels.X, "xLabel");
        ArgumentNullException.ThrowIfNull(labels.Y, "yLabel");
        var points = ChartSeries.AllPoints(series, logScale);
        var smooth = smoothing > 0 ? Array.ConvertAll(points, one => Smoothed(one, smoothing)) : null;
        var lastEpoch = LastEpoch(series, bestEpoch);
        var markers = lastEpoch <= MostPointsWithMarkers && smooth is null;
        var legend = series
            .Select((one, i) => new LegendEntry(
                one.Name, LegendKind.Line, Theme.SeriesColor(i), markers ? Theme.SeriesMarker(i) : MarkerShape.None))
            .ToList();
        if (bestEpoch is not null)
            legend.Add(new LegendEntry($"best {labels.X}: {bestEpoch}", LegendKind.DashedLine, Theme.Quiet));
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (width, height, top) =>
            Draw(points, smooth, (ChartText.Clean(labels.X), ChartText.Clean(labels.Y)), lastEpoch, bestEpoch, (logX, logScale), width, height, top))
        {
            Text = (width, height, asciiOnly) => TerminalChart.LearningCurves(
                ChartText.Clean(labels.Y), smooth is null ? series : [.. series.Select((one, i) => new ChartSeries(one.Name, [.. WithGaps(smooth[i], one.Values.Count)]))],
                width, height, bestEpoch, logScale, asciiOnly, xLabel: ChartText.Clean(labels.X)),
        };
    }

    /// <summary>
    /// The exponential moving average s ← w·s + (1 − w)·y of the values from the first on, divided by 1 − wᵗ so that the start at 0 leaves no trace (Kingma and Ba 2015).
    /// </summary>
    public static List<(int Epoch, double Value)> Smoothed(List<(int Epoch, double Value)> points, double weight)
    {
        var (average, remaining) = (0.0, 1.0);
        return points.ConvertAll(point =>
        {
            average = (weight * average) + ((1 - weight) * point.Value);
            remaining *= weight;
            return (point.Epoch, average / (1 - remaining));
        });
    }

    private static double[] WithGaps(List<(int Epoch, double Value)> points, int count)
    {
        var values = Enumerable.Repeat(double.NaN, count).ToArray();
        foreach (var (epoch, value) in points)
            values[epoch - 1] = value;
        return values;
    }

    /// <summary>The last epoch of any series, after checking that the best one is among them.</summary>
    public static int LastEpoch(IReadOnlyList<ChartSeries> series, int? bestEpoch)
    {
        var lastEpoch = series.Max(one => one.Values.Count);
        if (bestEpoch is { } best && (best < 1 || best > lastEpoch))
            throw new ArgumentOutOfRangeException(nameof(bestEpoch), $"The best epoch is {best}; it must be 1 to {lastEpoch}.");
        return lastEpoch;
    }

    /// <summary>The limits of an axis that shows all values with some room, from 0 on if that is near.</summary>
    public static (double Low, double High) Limits(IEnumerable<double> values, bool logScale)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in values)
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        // A spread of rounding errors is drawn as the flat line that it is.
        if (high - low <= Math.Max(1e-200, 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high))))
        {
            var around = logScale ? 0.5 : Math.Max(Math.Abs(high) * 0.1, 1e-3);
            return (low - around, high + around);
        }

        var padding = (high - low) * RangePadding;
        return (low >= 0 && low < padding && !logScale ? 0 : low - padding, high + padding);
    }

    private static Plot Draw(
        List<(int Epoch, double Value)>[] points,
        List<(int Epoch, double Value)>[]? smooth,
        (string X, string Y) labels,
        int lastEpoch,
        int? bestEpoch,
        (bool X, bool Y) log,
        int width,
        int height,
        float top)
    {
        var logScale = log.Y;
        double Y(double value) => logScale ? Math.Log10(value) : value;
        double X(double value) => log.X ? Math.Log10(value) : value;
        var (low, high) = Limits(points.SelectMany(one => one.Select(point => Y(point.Value))), logScale);
        const float pixelsPerTick = 45;
        var bottom = height - Theme.BottomRoom;
        var yTickCount = (int)Math.Max(2, (bottom - top) / pixelsPerTick);
        var yTicks = logScale ? Ticks.Log(low, high, yTickCount) : Ticks.Linear(low, high, yTickCount);
        var left = Theme.LeftRoom(yTicks);
        var xTickCount = (int)Math.Max(2, (width - left) / (pixelsPerTick * 1.4f));
        var xTicks = log.X ? Ticks.Log(0, Math.Log10(Math.Max(2, lastEpoch)), xTickCount) : Ticks.Linear(1, Math.Max(2, lastEpoch), xTickCount, integersOnly: true);
        var plot = Theme.NewPlot(new PixelRect(left, width - Theme.Margin - Theme.Gap, bottom, top), width, height);
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, log.X ? $"{labels.X}, log scale" : labels.X, xTicks);
        Theme.SetAxis(plot.Axes.Left, left, logScale ? $"{labels.Y}, log scale" : labels.Y, yTicks);
        plot.Grid.XAxisStyle.IsVisible = false;
        var xPadding = log.X ? 0.02 * X(Math.Max(2, lastEpoch)) : Math.Max(0.3, (lastEpoch - 1) * 0.015);
        plot.Axes.SetLimits(X(1) - xPadding, X(lastEpoch) + xPadding, low, high);
        if (bestEpoch is { } best)
            plot.Add.Plottable(new DashedLine(new Coordinates(X(best), low), new Coordinates(X(best), high), Theme.Quiet));

        for (var i = 0; i < points.Length; i++)
        {
            if (points[i].Count == 0)
                continue;
            if (smooth is not null)
            {
                // What was measured stays to be seen behind its average.
                var raw = plot.Add.Scatter(points[i].ConvertAll(point => new Coordinates(X(point.Epoch), Y(point.Value))));
                raw.Color = Theme.SeriesColor(i).WithAlpha(0.25);
                raw.LineWidth = 1;
                raw.MarkerSize = 0;
            }
            var scatter = plot.Add.Scatter((smooth ?? points)[i].ConvertAll(point => new Coordinates(X(point.Epoch), Y(point.Value))));
            scatter.Color = Theme.SeriesColor(i);
            scatter.LineWidth = 2;
            scatter.MarkerShape = Theme.SeriesMarker(i);
            // A lone point has no line, so it needs its marker.
            scatter.MarkerSize = (lastEpoch <= MostPointsWithMarkers && smooth is null) || points[i].Count == 1 ? 6 : 0;
        }

        return plot;
    }
}
