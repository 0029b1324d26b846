using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>Plots side by side over the same axes, so that heights compare: the regimes of a learning rate, for example.</summary>
internal static class PanelsChart
{
    private const int MostPanels = 12;
    private const int PerRow = 4;
    private const int DefaultWidth = 900;
    private const int RowHeight = 300;
    private const float PanelGap = 14;

    public static Chart Create(string title, IReadOnlyList<ChartPanel> panels, string xLabel, string yLabel, bool logScale, double? highest)
    {
        ArgumentNullException.ThrowIfNull(panels);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        if (panels.Count is 0 or > MostPanels)
            throw new ArgumentException($"There must be 1 to {MostPanels} panels, but got {panels.Count}.", nameof(panels));
        var runs = panels.Select(p => FunctionChart.RunsOf(p.Curves, logScale, logX: false)).ToArray();
        var names = panels.MaxBy(p => p.Curves.Count)!.Curves;
        List<LegendEntry> legend = names.Count < 2 ? [] : [.. names.Select((c, i) => new LegendEntry(c.Name, LegendKind.Line, Theme.SeriesColor(i)))];
        Coordinates[] all = [.. runs.SelectMany(r => r.SelectMany(curve => curve.SelectMany(run => run)))];
        var y = LearningCurvesChart.Limits(all.Select(p => p.Y), logScale);
        if (highest is { } most && (logScale ? most > 0 : ChartText.IsDrawable(most)))
            y = (y.Low, Math.Min(y.High, logScale ? Math.Log10(most) : most));
        if (!(y.Low < y.High))
            throw new ArgumentException(FormattableString.Invariant($"All values lie above the highest to be drawn, {highest}."), nameof(highest));
        var x = (Low: all.Min(p => p.X), High: all.Max(p => p.X));
        if (x.Low == x.High)
            x = LearningCurvesChart.Limits([x.Low], logScale: false);
        var perRow = panels.Count <= PerRow ? panels.Count : (panels.Count + 1) / 2 is var half && half <= PerRow ? half : PerRow;
        var rows = (panels.Count + perRow - 1) / perRow;
        return new Chart(title, DefaultWidth, 60 + (rows * RowHeight), legend, (pen, width, height, top) =>
        {
            var yAxis = new AxisSpan(Label(yLabel, logScale), y.Low, y.High, logScale);
            var stepY = (height - top - Theme.Gap) / rows;
            // The first panel of a row has the numbers of the shared axis.
            var room = PlotArea.LeftRoom(yAxis, stepY - 70);
            var stepX = (width - (2 * Theme.Margin) - room) / perRow;
            for (var i = 0; i < panels.Count; i++)
            {
                var (row, column) = (i / perRow, i % perRow);
                var left = Theme.Margin + (column * stepX) + (column > 0 ? room : 0);
                var outer = new SKRect(left, top + (row * stepY), Theme.Margin + room + ((column + 1) * stepX) - (column + 1 < perRow ? PanelGap : 0), top + ((row + 1) * stepY) - (row + 1 < rows ? PanelGap : 0));
                var area = PlotArea.Draw(
                    pen, outer, new(ChartText.Clean(xLabel), x.Low, x.High), column == 0 ? yAxis : yAxis with { Label = "", HidesLabels = true }, title: ChartText.Clean(panels[i].Title));
                using var clip = area.Clip(pen);
                for (var c = runs[i].Length - 1; c >= 0; c--)
                    area.Curve(pen, runs[i][c], Theme.SeriesColor(c), 1.75f);
            }
        })
        {
            Text = (width, height, asciiOnly) => [.. panels.SelectMany(p => (IEnumerable<string>)[
                TerminalText.Fit(p.Title, width, asciiOnly), .. TerminalChart.Function(xLabel, yLabel, p.Curves, width, Math.Max(10, height / 2), logScale, asciiOnly)])],
        };
    }

    private static string Label(string yLabel, bool logScale) => ChartText.Clean(yLabel) + (logScale ? ", log scale" : "");
}
