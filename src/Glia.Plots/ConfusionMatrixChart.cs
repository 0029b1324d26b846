using System.Globalization;
using ScottPlot;

namespace Glia.Plots;

internal static class ConfusionMatrixChart
{
    private const int DefaultSize = 720;
    private const float LargestCellFont = 14;
    private const float SmallestCellFont = 8;
    private const float LongestName = 130;
    private const float RowPitch = 15;

    public static Chart Create(string title, IReadOnlyList<string> classNames, long[,] counts)
    {
        var matrix = new ConfusionCounts(classNames, counts);
        LegendEntry[] legend = [new("0 to 100 % of the true class", LegendKind.Ramp, Colors.Black)];
        return new Chart(title, DefaultSize, DefaultSize, legend, (width, height, top) => Draw(matrix, width, height, top))
        {
            Text = (width, _, asciiOnly) => TerminalConfusionMatrix.Render(classNames, counts, width, asciiOnly),
        };
    }

    private static Plot Draw(ConfusionCounts matrix, int width, int height, float top)
    {
        var names = matrix.Names.Select(name => ChartText.Fit(name, Theme.TickFontSize, LongestName)).ToArray();
        var count = names.Length;
        var rowTicks = ClassTicks(names, (height - top - Theme.BottomRoom) / count, position => -position);
        var left = Theme.LeftRoom(rowTicks);
        var cellWidth = (width - left - Theme.Margin) / count;
        var widestName = names.Max(name => ChartFont.Width(name, Theme.TickFontSize));
        var upright = widestName > cellWidth - 4;
        var columnTicks = ClassTicks(names, upright ? cellWidth : float.PositiveInfinity, position => position);
        var bottom = height - Theme.BottomRoom - (upright ? Math.Max(0, widestName - Theme.TickFontSize) : 0);
        var cellHeight = (bottom - top) / count;

        var plot = Theme.NewPlot(new PixelRect(left, width - Theme.Margin, bottom, top), width, height);
        Theme.SetAxis(plot.Axes.Bottom, height - bottom, "predicted class", columnTicks);
        Theme.SetAxis(plot.Axes.Left, left, "true class", rowTicks);
        if (upright)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -90;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
        }

        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, count - 0.5, -count + 0.5, 0.5);
        DrawCells(plot, matrix, cellWidth, cellHeight);
        return plot;
    }

    private static Ticks ClassTicks(string[] names, float pitch, Func<int, double> position)
    {
        var every = Math.Max(1, (int)Math.Ceiling(RowPitch / pitch));
        var shown = Enumerable.Range(0, names.Length).Where(i => i % every == 0).ToArray();
        return new Ticks([.. shown.Select(position)], [.. shown.Select(i => names[i])]);
    }

    private static void DrawCells(Plot plot, ConfusionCounts matrix, float cellWidth, float cellHeight)
    {
        var largest = matrix.Counts.Cast<long>().Max().ToString("N0", CultureInfo.InvariantCulture);
        const string widestShare = "100 %";
        const float lineHeight = 1.25f;
        float FontFor(string widest, int lines) =>
            Math.Min(LargestCellFont, Math.Min((cellWidth - 4) / ChartFont.Width(widest, 1), (cellHeight - 4) / (lines * lineHeight)));
        var twoLines = FontFor(largest.Length > widestShare.Length ? largest : widestShare, 2);
        var oneLine = FontFor(largest, 1);
        var (font, showShare) = twoLines >= SmallestCellFont ? (twoLines, true) : (oneLine, false);
        // Lines between large cells part them; between small ones they would be all one sees.
        var cellGap = cellWidth > 12 && cellHeight > 12 ? 1 : 0;
        for (var t = 0; t < matrix.Names.Length; t++)
        {
            for (var p = 0; p < matrix.Names.Length; p++)
            {
                var share = matrix.Share(t, p);
                if (share > 0 || cellGap > 0)
                {
                    var cell = plot.Add.Rectangle(p - 0.5, p + 0.5, -t - 0.5, -t + 0.5);
                    cell.FillColor = ColorRamp.At(share);
                    cell.LineColor = Colors.White;
                    cell.LineWidth = cellGap;
                }

                if (font < SmallestCellFont)
                    continue;
                var text = matrix.Counts[t, p].ToString("N0", CultureInfo.InvariantCulture);
                var label = plot.Add.Text(showShare && share > 0 ? $"{text}\n{ChartText.Percent(share)}" : text, p, -t);
                label.LabelAlignment = Alignment.MiddleCenter;
                label.LabelFontName = ChartFont.Name;
                label.LabelFontSize = font;
                label.LabelFontColor = share > 0 ? ColorRamp.TextOn(share) : Theme.Axis;
            }
        }
    }
}
