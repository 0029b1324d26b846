using SkiaSharp;

namespace Glia.Plots;

internal static class RocChart
{
    private const int DefaultWidth = 620;
    private const int DefaultHeight = 660;

    /// <summary>The part of the square that is drawn larger.</summary>
    private const double Corner = 0.1;

    public static Chart Create(string title, IReadOnlyList<ChartPoints> curves)
    {
        var runs = FunctionChart.RunsOf(curves, logScale: false, logX: false);
        List<LegendEntry> legend = [.. curves.Select((c, i) => new LegendEntry(c.Name, LegendKind.Line, Theme.SeriesColor(i))), new("chance", LegendKind.DashedLine, Theme.Quiet)];
        // Curves that hug the corner would be told apart by nobody.
        var isNearlyPerfect = runs.All(one => one.SelectMany(run => run).Any(point => point.X <= Corner && point.Y >= 1 - Corner));
        void Draw(SkiaPen pen, PlotArea area)
        {
            // The first curve lies on top.
            for (var i = runs.Length - 1; i >= 0; i--)
                area.Curve(pen, runs[i], Theme.SeriesColor(i));
        }

        return new Chart(title, DefaultWidth, DefaultHeight, legend, (pen, width, height, top) =>
        {
            var area = PlotArea.Draw(
                pen, new SKRect(Theme.Margin, top, width - Theme.Margin, height - Theme.Gap), new("false positive rate", 0, 1), new("true positive rate", 0, 1), isSquare: true);
            pen.Dashes(area.At(0, 0), area.At(1, 1), Theme.Quiet);
            Draw(pen, area);
            if (isNearlyPerfect)
                DrawCorner(pen, area, Draw);
        })
        {
            Text = (width, height, asciiOnly) => TerminalChart.Function("fpr", "true positive rate", curves, width, height, asciiOnly: asciiOnly),
        };
    }

    /// <summary>The upper left corner once more, where there is room.</summary>
    private static void DrawCorner(SkiaPen pen, PlotArea area, Action<SkiaPen, PlotArea> draw)
    {
        var outer = new SKRect(area.X(0.5), area.Y(0.46), area.X(0.985), area.Y(0.02));
        pen.Fill(outer, ScottPlot.Colors.White);
        var inner = PlotArea.Draw(pen, outer, new("", 0, Corner), new("", 1 - Corner, 1), title: "the upper left corner");
        pen.Frame(new SKRect(area.X(0), area.Y(1), area.X(Corner), area.Y(1 - Corner)), Theme.Quiet);
        using var clip = inner.Clip(pen);
        draw(pen, inner);
    }
}
