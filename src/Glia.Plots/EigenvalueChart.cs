using System.Globalization;
using System.Numerics;
using SkiaSharp;

namespace Glia.Plots;

internal static class EigenvalueChart
{
    private const int DefaultWidth = 620;
    private const int DefaultHeight = 670;

    public static Chart Create(string title, IReadOnlyList<(string Name, IReadOnlyList<Complex> Values)> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count == 0 || groups.Any(g => g.Values.Count == 0 || !g.Values.All(v => ChartText.IsDrawable(v.Magnitude))))
            throw new ArgumentException("Each group needs at least one eigenvalue, and all must be finite.", nameof(groups));
        string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"{ChartText.Clean(groups[i].Name)}, spectral radius {groups[i].Values.Max(v => v.Magnitude):G3}");
        List<LegendEntry> legend = [.. groups.Select((_, i) => new LegendEntry(NameOf(i), LegendKind.Marker, Theme.SeriesColor(i), Theme.SeriesMarker(i))), new("|λ| = 1", LegendKind.Line, Theme.Quiet)];
        var reach = 1.12 * Math.Max(1, groups.Max(g => g.Values.Max(v => v.Magnitude)));
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (pen, width, height, top) =>
        {
            var area = PlotArea.Draw(
                pen, new SKRect(Theme.Margin, top, width - Theme.Margin, height - Theme.Gap), new("real part", -reach, reach), new("imaginary part", -reach, reach), isSquare: true);
            pen.Line(area.X(0), area.Data.Top, area.X(0), area.Data.Bottom, Theme.Axis);
            pen.Line(area.Data.Left, area.Y(0), area.Data.Right, area.Y(0), Theme.Axis);
            pen.Circle(area.X(0), area.Y(0), area.X(1) - area.X(0), Theme.Quiet, 1.5f);
            for (var i = 0; i < groups.Count; i++)
            {
                foreach (var value in groups[i].Values)
                    pen.Marker(Theme.SeriesMarker(i), area.At(value.Real, value.Imaginary), 8, Theme.SeriesColor(i).WithAlpha(0.8));
            }
        })
        {
            Text = (width, height, asciiOnly) => TerminalChart.Scatter(
                "real", "imaginary part", [.. groups.Select((g, i) => new ChartPoints(NameOf(i), [.. g.Values.Select(v => v.Real)], [.. g.Values.Select(v => v.Imaginary)]))], width, height, asciiOnly),
        };
    }
}
