using ScottPlot;

namespace Glia.Plots;

internal static class LearningCurvesChart
{
    private const int DefaultWidth = 900;
    private const int DefaultHeight = 540;
    private const int MostPointsWithMarkers = 40;
    private const double RangePadding = 0.06;

    public static Chart Create(string title, (string X, string Y) labels, IReadOnlyList<ChartSeries> series, int? bestEpoch, bool logScale)
    {
        ArgumentNullException.ThrowIfNull(labels.X, "xLabel");
        ArgumentNullException.ThrowIfNull(labels.Y, "yLabel");
        var points = ChartSeries.AllPoints(series, logScale);
        var lastEpoch = LastEpoch(series, bestEpoch);
        var markers = lastEpoch <= MostPointsWithMarkers;
        var legend = series
            .Select((one, i) => new LegendEntry(
                one.Name, LegendKind.Line, Theme.SeriesColor(i), markers ? Theme.SeriesMarker(i) : MarkerShape.None))
            .ToList();
        if (bestEpoch is not null)
            legend.Add(new LegendEntry($"best {labels.X}: {bestEpoch}", LegendKind.DashedLine, Theme.Quiet));
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (width, height, top) =>
            Draw(points, (ChartText.Clean(labels.X), ChartText.Clean(labels.Y)), lastEpoch, bestEpoch, logScale, width, height, top));
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
        (string X, string Y) labels,
        int lastEpoch,
        int? bestEpoch,
        bool logScale,
        int width,
        int height,
        float top)
    {
        double Y(double value) => logScale ? Math.Log10(value) : value;
        var (low, high) = Limits(points.SelectMany(one => one.Select(point => Y(point.Value))), logScale);
        const float pixelsPerTick = 45;
        var bottom = height - Theme.BottomRoom;
        var yTickCount = (int)Math.Max(2, (bottom - top) / pixelsPerTick);
        var yTicks = logScale ? Ticks.Log(low, high, yTickCount) : Ticks.Linear(low, high, yTickCount);
        var left = Theme.LeftRoom(yTicks);
        var xTicks = Ticks.Linear(1, Math.Max(2, lastEpoch), (int)Math.Max(2, (width - left) / (pixelsPerTick * 1.4f)), integersOnly: true);
        var plot = Theme.NewPlot(new PixelRect(left, width - Theme.Margin - Theme.Gap, bottom, top), width, height);
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, labels.X, xTicks);
        Theme.SetAxis(plot.Axes.Left, left, logScale ? $"{labels.Y}, log scale" : labels.Y, yTicks);
        plot.Grid.XAxisStyle.IsVisible = false;
        var xPadding = Math.Max(0.3, (lastEpoch - 1) * 0.015);
        plot.Axes.SetLimits(1 - xPadding, lastEpoch + xPadding, low, high);
        if (bestEpoch is { } best)
            plot.Add.Plottable(new DashedLine(new Coordinates(best, low), new Coordinates(best, high), Theme.Quiet));

        for (var i = 0; i < points.Length; i++)
        {
            if (points[i].Count == 0)
                continue;
            var scatter = plot.Add.Scatter(points[i].ConvertAll(point => new Coordinates(point.Epoch, Y(point.Value))));
            scatter.Color = Theme.SeriesColor(i);
            scatter.LineWidth = 2;
            scatter.MarkerShape = Theme.SeriesMarker(i);
            // A lone point has no line, so it needs its marker.
            scatter.MarkerSize = lastEpoch <= MostPointsWithMarkers || points[i].Count == 1 ? 6 : 0;
        }

        return plot;
    }
}
