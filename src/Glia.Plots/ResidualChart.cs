using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

internal static class ResidualChart
{
    private const int DefaultWidth = 760;
    private const int DefaultHeight = 480;
    private const int MostPoints = 5_000;
    private const int ManyPoints = 500;
    private const int Bars = 25;

    public static Chart Create(string title, string quantity, IReadOnlyList<double> actual, IReadOnlyList<double> predicted)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        if (actual.Count != predicted.Count)
            throw new ArgumentException($"There are {actual.Count} true values but {predicted.Count} predictions; give one for each.", nameof(predicted));
        List<Coordinates> all = [.. actual.Zip(predicted, (t, p) => new Coordinates(p, p - t)).Where(c => ChartText.IsDrawable(c.X) && ChartText.IsDrawable(c.Y))];
        if (all.Count == 0)
            throw new ArgumentException("There is no pair of finite values to draw.", nameof(predicted));
        var shown = ChartPoints.Thinned(all, MostPoints);
        var mean = all.Average(c => c.Y);
        var deviation = Math.Sqrt(all.Average(c => (c.Y - mean) * (c.Y - mean)));
        quantity = ChartText.Clean(quantity);
        LegendEntry[] legend =
        [
            new(all.Count == 1 ? "1 prediction" : string.Create(CultureInfo.InvariantCulture, $"{all.Count:N0} predictions"), LegendKind.Marker, Theme.SeriesColor(0), MarkerShape.FilledCircle),
            new(string.Create(CultureInfo.InvariantCulture, $"mean {mean:G3} ± 2 · deviation {deviation:G3}"), LegendKind.DashedLine, Theme.SeriesColor(1)),
        ];
        var x = LearningCurvesChart.Limits(all.Select(c => c.X), logScale: false);
        var most = Math.Max(all.Max(c => Math.Abs(c.Y)), Math.Abs(mean) + (2.1 * deviation));
        var limit = most > 0 ? 1.06 * most : 1;
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (pen, width, height, top) =>
        {
            const float sideShare = 0.16f;
            var side = (width - (2 * Theme.Margin)) * sideShare;
            var area = PlotArea.Draw(
                pen, new SKRect(Theme.Margin, top, width - Theme.Margin - side, height - Theme.Gap), new($"predicted {quantity}", x.Low, x.High), new($"predicted − true {quantity}", -limit, limit));
            pen.Line(area.Data.Left, area.Y(0), area.Data.Right, area.Y(0), Theme.Quiet, 1.5f);
            foreach (var level in (double[])[mean - (2 * deviation), mean, mean + (2 * deviation)])
                pen.Dashes(new(area.Data.Left, area.Y(level)), new(area.Data.Right, area.Y(level)), Theme.SeriesColor(1));
            var color = Theme.SeriesColor(0).WithAlpha(shown.Length < ManyPoints ? 0.75 : 0.25);
            foreach (var point in shown)
                pen.Marker(MarkerShape.FilledCircle, area.At(point.X, point.Y), 6, color);
            DrawBars(pen, area, [.. all.Select(c => c.Y)], limit, area.Data.Right + Theme.Gap, side - Theme.Gap);
        })
        {
            Text = (width, height, asciiOnly) => TerminalChart.Scatter("predicted", $"predicted - true {quantity}", [new("predictions", [.. shown.Select(c => c.X)], [.. shown.Select(c => c.Y)])], width, height, asciiOnly),
        };
    }

    /// <summary>How often each error occurs, beside the points.</summary>
    private static void DrawBars(SkiaPen pen, PlotArea area, double[] errors, double limit, float left, float room)
    {
        var counts = new int[Bars];
        foreach (var error in errors)
            counts[Math.Clamp((int)((error + limit) / (2 * limit) * Bars), 0, Bars - 1)]++;
        for (var i = 0; i < Bars; i++)
        {
            var (low, high) = (area.Y(-limit + (2 * limit * i / Bars)), area.Y(-limit + (2 * limit * (i + 1) / Bars)));
            pen.Fill(new SKRect(left, high + 0.75f, left + (room * counts[i] / counts.Max()), low - 0.75f), Theme.SeriesColor(0).WithAlpha(0.55));
        }
        pen.Line(left, area.Data.Top, left, area.Data.Bottom, Theme.Axis);
        pen.Text("how often", left + (room / 2), area.Data.Bottom + Theme.Gap + (Theme.TickFontSize / 2), align: SKTextAlign.Center);
    }
}
