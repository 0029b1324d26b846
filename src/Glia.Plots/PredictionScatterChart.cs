using System.Globalization;
using ScottPlot;

namespace Glia.Plots;

internal static class PredictionScatterChart
{
    private const int DefaultWidth = 680;
    private const int DefaultHeight = 715;
    private const int MostPoints = 5_000;

    public static Chart Create(string title, string quantity, IReadOnlyList<double> actual, IReadOnlyList<double> predicted)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        if (actual.Count != predicted.Count)
        {
            throw new ArgumentException(
                $"There are {actual.Count} true values but {predicted.Count} predictions; give one for each.", nameof(predicted));
        }

        var pairs = actual
            .Zip(predicted, (x, y) => new Coordinates(x, y))
            .Where(pair => ChartText.IsDrawable(pair.X) && ChartText.IsDrawable(pair.Y))
            .ToList();
        if (pairs.Count == 0)
            throw new ArgumentException("There is no pair of finite values to draw.", nameof(predicted));

        var shown = ChartPoints.Thinned(pairs, MostPoints);
        var all = pairs.Count.ToString("N0", CultureInfo.InvariantCulture);
        var count = shown.Length < pairs.Count ? $"{shown.Length.ToString("N0", CultureInfo.InvariantCulture)} of {all}" : all;
        LegendEntry[] legend =
        [
            new(pairs.Count == 1 ? "1 prediction" : $"{count} predictions",
                LegendKind.Marker, Theme.SeriesColor(0), MarkerShape.FilledCircle),
            new("perfect prediction", LegendKind.DashedLine, Theme.Quiet),
        ];
        var limits = LearningCurvesChart.Limits(pairs.SelectMany(pair => (double[])[pair.X, pair.Y]), logScale: false);
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (width, height, top) =>
            Draw(shown, ChartText.Clean(quantity), limits, width, height, top))
        {
            Text = (width, height, asciiOnly) => TerminalChart.Scatter(
                "true", $"predicted {ChartText.Clean(quantity)}", [new("predictions", [.. shown.Select(c => c.X)], [.. shown.Select(c => c.Y)])], width, height, asciiOnly),
        };
    }

    private static Plot Draw(Coordinates[] pairs, string quantity, (double Low, double High) limits, int width, int height, float top)
    {
        const float pixelsPerTick = 70;
        var bottom = height - Theme.BottomRoom;
        var ticks = Ticks.Linear(limits.Low, limits.High, (int)Math.Max(2, Math.Min(width, bottom - top) / pixelsPerTick));
        var left = Theme.LeftRoom(ticks);
        // One unit is as long on both axes, so that distances from the diagonal read as errors.
        var side = Math.Min(width - Theme.Margin - Theme.Gap - left, bottom - top);
        var plot = Theme.NewPlot(new PixelRect(left, left + side, top + side, top), width, height);
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, $"true {quantity}", ticks);
        Theme.SetAxis(plot.Axes.Left, left, $"predicted {quantity}", ticks);
        plot.Axes.SetLimits(limits.Low, limits.High, limits.Low, limits.High);
        plot.Add.Plottable(new DashedLine(
            new Coordinates(limits.Low, limits.Low), new Coordinates(limits.High, limits.High), Theme.Quiet));
        const double opaque = 0.75;
        const double seeThrough = 0.25;
        const int manyPairs = 500;
        var color = Theme.SeriesColor(0).WithAlpha(pairs.Length < manyPairs ? opaque : seeThrough);
        plot.Add.Markers(pairs, MarkerShape.FilledCircle, 7, color);
        return plot;
    }
}
