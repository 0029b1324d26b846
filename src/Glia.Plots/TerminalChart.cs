using System.Text;

namespace Glia.Plots;

/// <summary>Charts as lines of text, without colour codes.</summary>
public static class TerminalChart
{
    private const int SmallestWidth = 30;
    private const int SmallestHeight = 8;
    private const int SmallestPlotHeight = 3;
    private const string XLabel = "epoch";

    /// <summary>
    /// Values over epochs. The first series is a line of braille dots, the others have one mark per column (● ◆ ■ ○); the last
    /// lines say which is which. With <paramref name="asciiOnly"/> all have marks (* o x # @).
    /// </summary>
    /// <param name="yLabel">What the values are: "loss", "MAE (°C)".</param>
    /// <param name="series">The curves. NaN, infinite values and those beyond ±1e100 are passed over.</param>
    /// <param name="width">The most columns a line may take, at least 30.</param>
    /// <param name="height">The number of lines, at least 8; more only if a long legend would leave less than 3 for the curves.</param>
    /// <param name="bestEpoch">The epoch, from 1 on, to mark below the axis (▲ or ^); null marks none.</param>
    /// <param name="logScale">A logarithmic y axis; values of 0 and less are then passed over.</param>
    /// <param name="asciiOnly">For terminals without UTF-8.</param>
    /// <returns>The lines from top to bottom, without trailing spaces.</returns>
    /// <exception cref="ArgumentException">There is no series, or no value that can be drawn.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is too small, or the best epoch not among those of the series.</exception>
    public static IReadOnlyList<string> LearningCurves(
        string yLabel,
        IReadOnlyList<ChartSeries> series,
        int width = 80,
        int height = 16,
        int? bestEpoch = null,
        bool logScale = false,
        bool asciiOnly = false)
    {
        ArgumentNullException.ThrowIfNull(yLabel);
        if (width < SmallestWidth)
            throw new ArgumentOutOfRangeException(nameof(width), $"The width is {width} columns; it must be at least {SmallestWidth}.");
        if (height < SmallestHeight)
            throw new ArgumentOutOfRangeException(nameof(height), $"The height is {height} lines; it must be at least {SmallestHeight}.");
        var points = ChartSeries.AllPoints(series, logScale);
        var lastEpoch = LearningCurvesChart.LastEpoch(series, bestEpoch);
        for (var i = 0; i < points.Length && logScale; i++)
            points[i] = points[i].ConvertAll(point => (point.Epoch, Math.Log10(point.Value)));

        var legend = Legend(series, bestEpoch, width, asciiOnly);
        const int otherLines = 3;
        var plotHeight = Math.Max(SmallestPlotHeight, height - otherLines - legend.Count);
        var (low, high) = LearningCurvesChart.Limits(points.SelectMany(one => one.Select(point => point.Value)), logScale);
        // At most two labels to three rows, so that no two fall on the same one.
        var yTickCount = plotHeight * 2 / 3;
        var yTicks = logScale ? Ticks.Log(low, high, yTickCount) : Ticks.Linear(low, high, yTickCount);
        var gutter = Math.Max(XLabel.Length, yTicks.Labels.Select(label => label.Length).DefaultIfEmpty().Max()) + 2;
        var canvas = new TerminalCanvas(width - gutter, plotHeight, lastEpoch, low, high);
        for (var i = 0; i < points.Length; i++)
        {
            if (i == 0 && !asciiOnly)
                canvas.DrawDots(points[i]);
            else
                canvas.DrawMarks(points[i], TerminalCanvas.Mark(i, asciiOnly));
        }

        var title = logScale ? $"{yLabel}, log scale" : yLabel;
        List<string> lines = [TerminalText.Fit(title, width, asciiOnly)];
        AddRows(lines, canvas, yTicks, gutter, asciiOnly);
        AddXAxis(lines, canvas, lastEpoch, bestEpoch, gutter, asciiOnly);
        lines.AddRange(legend);
        return lines.ConvertAll(line => line.TrimEnd());
    }

    private static void AddRows(List<string> lines, TerminalCanvas canvas, Ticks ticks, int gutter, bool asciiOnly)
    {
        var labels = new string[canvas.Height];
        for (var i = 0; i < ticks.Labels.Length; i++)
            labels[canvas.Row(ticks.Positions[i])] = ticks.Labels[i];
        var (bar, tick) = asciiOnly ? ("|", "+") : ("│", "┤");
        for (var row = 0; row < canvas.Height; row++)
            lines.Add((labels[row] ?? "").PadLeft(gutter - 2) + " " + (labels[row] is null ? bar : tick) + canvas.Line(row));
    }

    private static void AddXAxis(List<string> lines, TerminalCanvas canvas, int lastEpoch, int? bestEpoch, int gutter, bool asciiOnly)
    {
        const int columnsPerTick = 10;
        var ticks = Ticks.Linear(1, Math.Max(2, lastEpoch), Math.Max(1, canvas.Width / columnsPerTick), integersOnly: true);
        var axis = new StringBuilder(new string(asciiOnly ? '-' : '─', canvas.Width));
        var labels = new StringBuilder(new string(' ', canvas.Width));
        var free = 0;
        for (var i = 0; i < ticks.Labels.Length && ticks.Positions[i] <= lastEpoch; i++)
        {
            var (column, label) = (canvas.Column(ticks.Positions[i]), ticks.Labels[i]);
            axis[column] = asciiOnly ? '+' : '┬';
            var start = Math.Clamp(column - (label.Length / 2), 0, canvas.Width - label.Length);
            if (start < free)
                continue;
            labels.Remove(start, label.Length).Insert(start, label);
            free = start + label.Length + 1;
        }

        if (bestEpoch is { } best)
            axis[canvas.Column(best)] = TerminalCanvas.BestMark(asciiOnly);
        lines.Add(new string(' ', gutter - 1) + (asciiOnly ? "+" : "└") + axis);
        lines.Add(XLabel.PadLeft(gutter - 2) + "  " + labels);
    }

    private static List<string> Legend(IReadOnlyList<ChartSeries> series, int? bestEpoch, int width, bool asciiOnly)
    {
        const string gap = "   ";
        var entries = series.Select((one, i) => $"{TerminalCanvas.LegendMark(i, asciiOnly)} {one.Name}").ToList();
        if (bestEpoch is not null)
            entries.Add($"{TerminalCanvas.BestMark(asciiOnly)} best epoch {bestEpoch}");
        var lines = new List<string>();
        foreach (var entry in entries)
        {
            // The mark is not part of what an ASCII terminal cannot show, so only the name is fitted.
            var fitted = entry[..1] + TerminalText.Fit(entry[1..], width - 2, asciiOnly).Insert(0, " ");
            if (lines.Count > 0 && TerminalText.Width(lines[^1] + gap + fitted) <= width)
                lines[^1] += gap + fitted;
            else
                lines.Add(fitted);
        }

        return lines;
    }
}
