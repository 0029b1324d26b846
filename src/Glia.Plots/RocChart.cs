using SkiaSharp;

namespace Glia.Plots;

internal static class RocChart
{
    private const int DefaultWidth = 620;
    private const int DefaultHeight = 660;

    public static Chart Create(string title, IReadOnlyList<ChartPoints> curves)
    {
        var runs = FunctionChart.RunsOf(curves, logScale: false, logX: false);
        List<LegendEntry> legend = [.. curves.Select((c, i) => new LegendEntry(c.Name, LegendKind.Line, Theme.SeriesColor(i))), new("chance", LegendKind.DashedLine, Theme.Quiet)];
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (pen, width, height, top) =>
        {
            var area = PlotArea.Draw(
                pen, new SKRect(Theme.Margin, top, width - Theme.Margin, height - Theme.Gap), new("false positive rate", 0, 1), new("true positive rate", 0, 1), isSquare: true);
            pen.Dashes(area.At(0, 0), area.At(1, 1), Theme.Quiet);
            // The first curve lies on top.
            for (var i = runs.Length - 1; i >= 0; i--)
                area.Curve(pen, runs[i], Theme.SeriesColor(i));
        })
        {
            Text = (width, height, asciiOnly) => TerminalChart.Function("fpr", "true positive rate", curves, width, height, asciiOnly: asciiOnly),
        };
    }
}
