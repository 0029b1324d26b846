using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

internal static class CalibrationChart
{
    private const int DefaultWidth = 620;
    private const int DefaultHeight = 680;

    public static Chart Create(string title, IReadOnlyList<double> confidences, IReadOnlyList<double> accuracies, IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(confidences);
        ArgumentNullException.ThrowIfNull(accuracies);
        ArgumentNullException.ThrowIfNull(counts);
        if (confidences.Count == 0 || confidences.Count != accuracies.Count || counts.Count != accuracies.Count)
            throw new ArgumentException($"There are {confidences.Count} confidences, {accuracies.Count} accuracies and {counts.Count} counts; give one of each for every bin.", nameof(counts));
        var total = counts.Sum();
        if (total <= 0 || counts.Any(c => c < 0))
            throw new ArgumentException("The bins hold no samples, or fewer than none.", nameof(counts));
        int[] filled = [.. Enumerable.Range(0, counts.Count).Where(i => counts[i] > 0)];
        if (filled.Any(i => !(confidences[i] >= 0 && confidences[i] <= 1 && accuracies[i] >= 0 && accuracies[i] <= 1)))
            throw new ArgumentException("Confidences and accuracies of bins with samples must be shares from 0 to 1.", nameof(accuracies));
        var error = filled.Sum(i => counts[i] / (double)total * Math.Abs(accuracies[i] - confidences[i]));
        LegendEntry[] legend =
        [
            new(string.Create(CultureInfo.InvariantCulture, $"model, calibration error {100 * error:F1} %"), LegendKind.Line, Theme.SeriesColor(0), MarkerShape.FilledCircle),
            new("upright: 95 % interval", LegendKind.Line, Theme.SeriesColor(0)),
            new("perfectly calibrated", LegendKind.DashedLine, Theme.Quiet),
            new("share of the samples", LegendKind.Patch, Theme.SeriesColor(4).WithAlpha(0.45)),
        ];
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (pen, width, height, top) =>
        {
            var area = PlotArea.Draw(
                pen, new SKRect(Theme.Margin, top, width - Theme.Margin, height - Theme.Gap), new("confidence of the prediction", 0, 1), new("share that is right", 0, 1), isSquare: true);
            foreach (var i in filled)
            {
                var (left, right) = (area.X(i / (double)counts.Count), area.X((i + 1) / (double)counts.Count));
                pen.Fill(new SKRect(left + 1.5f, area.Y(counts[i] / (double)total), right - 1.5f, area.Data.Bottom), Theme.SeriesColor(4).WithAlpha(0.45));
            }
            pen.Dashes(area.At(0, 0), area.At(1, 1), Theme.Quiet);
            SKPoint[] points = [.. filled.Select(i => area.At(confidences[i], accuracies[i]))];
            pen.Curve(points, Theme.SeriesColor(0), 2);
            foreach (var i in filled)
            {
                var (low, high) = Interval(accuracies[i], counts[i]);
                pen.Line(area.X(confidences[i]), area.Y(low), area.X(confidences[i]), area.Y(high), Theme.SeriesColor(0), 1.25f);
            }
            foreach (var point in points)
                pen.Marker(MarkerShape.FilledCircle, point, 8, Theme.SeriesColor(0));
        })
        {
            Text = (_, _, _) =>
            [
                "confidence   right  samples",
                .. filled.Select(i => string.Create(CultureInfo.InvariantCulture, $"{100 * confidences[i],8:F1} % {100 * accuracies[i],5:F1} % {counts[i],8}")),
                string.Create(CultureInfo.InvariantCulture, $"expected calibration error {100 * error:F1} %"),
            ],
        };
    }

    /// <summary>Where the true share lies with 95 % probability, given the share of a few samples (Wilson 1927).</summary>
    private static (double Low, double High) Interval(double share, long count)
    {
        const double z = 1.959964;
        var scale = 1 / (1 + (z * z / count));
        var center = scale * (share + (z * z / (2 * count)));
        var half = scale * z * Math.Sqrt((share * (1 - share) / count) + (z * z / (4.0 * count * count)));
        return (Math.Max(0, center - half), Math.Min(1, center + half));
    }
}
