using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>Histograms over time as ridges, the earliest at the back and on top; a panel for each layer.</summary>
internal static class HistogramsChart
{
    private const int MostPanels = 12;
    private const int MostRidges = 14;
    private const int PerRow = 3;
    private const int DefaultWidth = 900;
    private const int RowHeight = 290;
    private const float PanelGap = 16;
    private const double Palest = 0.25;

    // A ridge is as high as so many distances between ridges.
    private const float RidgeHeight = 3.2f;

    public static Chart Create(string title, IReadOnlyList<ChartHistograms> panels, string xLabel)
    {
        ArgumentNullException.ThrowIfNull(panels);
        ArgumentNullException.ThrowIfNull(xLabel);
        if (panels.Count is 0 or > MostPanels)
            throw new ArgumentException($"There must be 1 to {MostPanels} panels of histograms, but got {panels.Count}.", nameof(panels));
        foreach (var panel in panels)
            Check(panel);
        LegendEntry[] legend = [new("first to last step", LegendKind.Ramp, Colors.Black)];
        var perRow = panels.Count == 4 ? 2 : Math.Min(PerRow, panels.Count);
        var rows = (panels.Count + perRow - 1) / perRow;
        return new Chart(title, DefaultWidth, 70 + (rows * RowHeight), legend, (pen, width, height, top) =>
        {
            var (stepX, stepY) = ((width - (2 * Theme.Margin)) / perRow, (height - top - Theme.Gap) / rows);
            for (var i = 0; i < panels.Count; i++)
                Draw(pen, panels[i], ChartText.Clean(xLabel), SKRect.Create(Theme.Margin + (i % perRow * stepX), top + (i / perRow * stepY), stepX - PanelGap, stepY - (i / perRow + 1 < rows ? PanelGap : 0)));
        })
        {
            Text = (width, height, _) => [.. panels.SelectMany(p => Write(p, width, Math.Max(6, height / panels.Count)))],
        };
    }

    private static void Check(ChartHistograms panel)
    {
        if (panel.Steps.Count == 0 || panel.Steps.Count != panel.Histograms.Count)
            throw new ArgumentException($"'{panel.Name}' has {panel.Steps.Count} steps and {panel.Histograms.Count} histograms; give one of each for at least one step.");
        foreach (var histogram in panel.Histograms)
        {
            if (histogram.Counts.Count == 0 || histogram.Counts.Any(c => c < 0) || !(histogram.Low <= histogram.High) || !ChartText.IsDrawable(histogram.Low) || !ChartText.IsDrawable(histogram.High))
                throw new ArgumentException($"A histogram of '{panel.Name}' has no counts, negative ones, or ends that are not in order.");
        }
    }

    /// <summary>At most so many of the steps, evenly, the first and the last among them.</summary>
    private static int[] Shown(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most).Select(i => (int)Math.Round(i * (count - 1.0) / (most - 1)))];

    private static (double Low, double High) Span(ChartHistograms panel)
    {
        // The outermost thousandth of the numbers would leave the rest no room.
        double[] low = [.. panel.Histograms.Select(h => Quantile(h, 0.001)).Order()];
        double[] high = [.. panel.Histograms.Select(h => Quantile(h, 0.999)).Order()];
        var (from, to) = (low[low.Length / 20], high[^(1 + (high.Length / 20))]);
        return to > from ? (from - (0.03 * (to - from)), to + (0.03 * (to - from))) : (from - 0.5, to + 0.5);
    }

    private static double Quantile(ChartHistogram histogram, double share)
    {
        var (wanted, before) = (share * histogram.Counts.Sum(), 0L);
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            before += histogram.Counts[i];
            if (before >= wanted)
                return histogram.Low + ((histogram.High - histogram.Low) * (share < 0.5 ? i : i + 1) / histogram.Counts.Count);
        }
        return histogram.High;
    }

    private static void Draw(SkiaPen pen, ChartHistograms panel, string xLabel, SKRect outer)
    {
        var (low, high) = Span(panel);
        var shown = Shown(panel.Steps.Count, MostRidges);
        // Steps from top to bottom, each at a base line of its own.
        var ticks = new Ticks([.. shown.Select((_, i) => (double)-i)], [.. shown.Select((s, i) => i % 2 == 0 || shown.Length <= 8 ? panel.Steps[s].ToString("N0", CultureInfo.InvariantCulture) : "")]);
        var area = PlotArea.Draw(
            pen, outer, new(xLabel, low, high), new("step", -shown.Length + 0.6, RidgeHeight - 0.2) { HasGrid = false, Fixed = ticks }, title: ChartText.Clean(panel.Name));
        using var clip = area.Clip(pen);
        const int points = 96;
        for (var i = 0; i < shown.Length; i++)
        {
            var density = Densities(panel.Histograms[shown[i]], low, high, points);
            var largest = density.Max() is > 0 and var most ? most : 1;
            var color = ColorRamp.At(shown.Length == 1 ? 0.8 : Palest + ((1 - Palest) * 0.85 * i / (shown.Length - 1)));
            SKPoint[] line = [.. density.Select((d, p) => area.At(low + ((high - low) * p / (points - 1)), -i + (RidgeHeight * 0.92 * d / largest)))];
            pen.Area([area.At(low, -i), .. line, area.At(high, -i)], color.WithAlpha(0.8));
            pen.Curve(line, Colors.White, 1);
        }
    }

    /// <summary>The density at evenly spaced places, smoothed over a bin to either side so that bars become a line.</summary>
    private static double[] Densities(ChartHistogram histogram, double low, double high, int points)
    {
        var (bins, total) = (histogram.Counts.Count, Math.Max(1, histogram.Counts.Sum()));
        var width = histogram.High > histogram.Low ? (histogram.High - histogram.Low) / bins : (high - low) / points;
        return [.. Enumerable.Range(0, points).Select(p =>
        {
            var place = (low + ((high - low) * p / (points - 1)) - histogram.Low) / width - 0.5;
            var below = (int)Math.Floor(place);
            double At(int bin) => bin >= 0 && bin < bins ? histogram.Counts[bin] / (double)total / width : 0;
            return ((1 - (place - below)) * At(below)) + ((place - below) * At(below + 1));
        })];
    }

    private static List<string> Write(ChartHistograms panel, int width, int height)
    {
        var (low, high) = Span(panel);
        var shown = Shown(panel.Steps.Count, height);
        var room = panel.Steps.Max().ToString(CultureInfo.InvariantCulture).Length;
        var columns = Math.Min(100, width - room - 2);
        List<string> lines = [FormattableString.Invariant($"{panel.Name}   from {low:G3} to {high:G3}, a line for each step")];
        foreach (var step in shown)
        {
            var density = Densities(panel.Histograms[step], low, high, columns);
            var row = new double[1, columns];
            for (var i = 0; i < columns; i++)
                row[0, i] = density[i];
            lines.Add($"{panel.Steps[step].ToString(CultureInfo.InvariantCulture).PadLeft(room)} {TerminalShades.Lines(row, 0, Math.Max(1e-300, density.Max()), columns, 1)[0]}".TrimEnd());
        }
        return lines;
    }
}
