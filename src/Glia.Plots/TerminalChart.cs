using System.Text;

namespace Glia.Plots;

/// <summary>Charts as lines of text, without colour codes.</summary>
public static class TerminalChart
{
    private const int SmallestWidth = 30;
    private const int SmallestHeight = 8;
    private const int SmallestPlotHeight = 3;

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
    /// <param name="xLabel">What is counted from 1 on; "epoch" by default.</param>
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
        bool asciiOnly = false,
        string xLabel = "epoch")
    {
        ArgumentNullException.ThrowIfNull(yLabel);
        CheckSize(width, height);
        var points = ChartSeries.AllPoints(series, logScale);
        var lastEpoch = LearningCurvesChart.LastEpoch(series, bestEpoch);
        var curves = points.Select(one => one.ConvertAll(point => ((double)point.Epoch, logScale ? Math.Log10(point.Value) : point.Value))).ToArray();
        return Draw(
            (logScale ? $"{yLabel}, log scale" : yLabel, xLabel),
            curves,
            (1, lastEpoch),
            most => EpochTicks(lastEpoch, most),
            bestEpoch,
            Legend([.. series.Select(one => one.Name)], bestEpoch is null ? null : $"best {xLabel} {bestEpoch}", width, asciiOnly),
            (width, height, logScale, asciiOnly));
    }

    /// <summary>
    /// Curves y over x, drawn as those of <see cref="LearningCurves"/>. Points without a value are passed over.
    /// </summary>
    /// <param name="xLabel">What x is, in a short word.</param>
    /// <param name="yLabel">What y is.</param>
    /// <param name="curves">The curves, each with its x in ascending order.</param>
    /// <param name="width">The most columns a line may take, at least 30.</param>
    /// <param name="height">The number of lines, at least 8; more only if a long legend would leave less than 3 for the curves.</param>
    /// <param name="mark">The x to mark below the axis (▲ or ^), and what the legend says of it; null marks none.</param>
    /// <param name="logX">A logarithmic x axis; points with x of 0 and less are then passed over.</param>
    /// <param name="asciiOnly">For terminals without UTF-8.</param>
    /// <returns>The lines from top to bottom, without trailing spaces.</returns>
    /// <exception cref="ArgumentException">There is no curve, or no point that can be drawn.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is too small.</exception>
    public static IReadOnlyList<string> Function(
        string xLabel,
        string yLabel,
        IReadOnlyList<ChartPoints> curves,
        int width = 80,
        int height = 16,
        (double X, string Text)? mark = null,
        bool logX = false,
        bool asciiOnly = false) => Draw(xLabel, yLabel, curves, width, height, mark, (logX, false), asciiOnly, isScatter: false);

    /// <summary>Curves over x with a logarithmic y axis, if asked for.</summary>
    internal static IReadOnlyList<string> Function(string xLabel, string yLabel, IReadOnlyList<ChartPoints> curves, int width, int height, bool logScale, bool asciiOnly) =>
        Draw(xLabel, yLabel, curves, width, height, null, (false, logScale), asciiOnly, isScatter: false);

    /// <summary>Points that no line joins.</summary>
    internal static IReadOnlyList<string> Scatter(string xLabel, string yLabel, IReadOnlyList<ChartPoints> groups, int width, int height, bool asciiOnly) =>
        Draw(xLabel, yLabel, groups, width, height, null, (false, false), asciiOnly, isScatter: true);

    /// <summary>The same with both axes as wished.</summary>
    internal static IReadOnlyList<string> Draw(
        string xLabel, string yLabel, IReadOnlyList<ChartPoints> curves, int width, int height, (double X, string Text)? mark, (bool X, bool Y) log, bool asciiOnly, bool isScatter)
    {
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        CheckSize(width, height);
        var logX = log.X;
        var runs = FunctionChart.RunsOf(curves, log.Y, logX);
        var points = runs.Select(one => one.SelectMany(run => run).Select(point => (point.X, point.Y)).ToList()).ToArray();
        var all = points.SelectMany(one => one.Select(point => point.X));
        var (first, last) = (all.Min(), all.Max());
        var at = mark is { } given ? FunctionChart.MarkPosition(given.X, logX) : default(double?);
        if (at is { } x)
            (first, last) = (Math.Min(first, x), Math.Max(last, x));
        return Draw(
            (log.Y ? $"{yLabel}, log scale" : yLabel, xLabel),
            points,
            (first, last),
            most => first == last ? new Ticks([], []) : logX ? Ticks.Log(first, last, most) : Ticks.Linear(first, last, most),
            at,
            Legend([.. curves.Select(one => one.Name)], mark?.Text, width, asciiOnly),
            (width, height, log.Y, asciiOnly),
            isScatter);
    }

    private static void CheckSize(int width, int height)
    {
        if (width < SmallestWidth)
            throw new ArgumentOutOfRangeException(nameof(width), $"The width is {width} columns; it must be at least {SmallestWidth}.");
        if (height < SmallestHeight)
            throw new ArgumentOutOfRangeException(nameof(height), $"The height is {height} lines; it must be at least {SmallestHeight}.");
    }

    private static Ticks EpochTicks(int lastEpoch, int most)
    {
        var ticks = Ticks.Linear(1, Math.Max(2, lastEpoch), most, integersOnly: true);
        var count = ticks.Positions.Count(position => position <= lastEpoch);
        return new Ticks(ticks.Positions[..count], ticks.Labels[..count]);
    }

    /// <summary>The chart of points whose coordinates are as the axes show them, log₁₀ where that is logarithmic.</summary>
    private static List<string> Draw(
        (string Y, string X) labels,
        IReadOnlyList<IReadOnlyList<(double X, double Value)>> curves,
        (double First, double Last) range,
        Func<int, Ticks> xTicks,
        double? mark,
        List<string> legend,
        (int Width, int Height, bool LogScale, bool AsciiOnly) style,
        bool isScatter = false)
    {
        const int otherLines = 3;
        const int columnsPerTick = 10;
        var plotHeight = Math.Max(SmallestPlotHeight, style.Height - otherLines - legend.Count);
        var (low, high) = LearningCurvesChart.Limits(curves.SelectMany(one => one.Select(point => point.Value)), style.LogScale);
        // At most two labels to three rows, so that no two fall on the same one.
        var yTickCount = plotHeight * 2 / 3;
        var yTicks = style.LogScale ? Ticks.Log(low, high, yTickCount) : Ticks.Linear(low, high, yTickCount);
        var gutter = Math.Max(labels.X.Length, yTicks.Labels.Select(label => label.Length).DefaultIfEmpty().Max()) + 2;
        var canvas = new TerminalCanvas(style.Width - gutter, plotHeight, range, low, high);
        for (var i = 0; i < curves.Count; i++)
        {
            foreach (var line in isScatter ? curves[i].Select(point => (IReadOnlyList<(double, double)>)[point]) : [curves[i]])
            {
                if (i == 0 && !style.AsciiOnly)
                    canvas.DrawDots(line);
                else
                    canvas.DrawMarks(line, TerminalCanvas.Mark(i, style.AsciiOnly));
            }
        }

        List<string> lines = [TerminalText.Fit(labels.Y, style.Width, style.AsciiOnly)];
        AddRows(lines, canvas, yTicks, gutter, style.AsciiOnly);
        AddXAxis(lines, canvas, labels.X, xTicks(Math.Max(1, canvas.Width / columnsPerTick)), mark, gutter, style.AsciiOnly);
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

    private static void AddXAxis(List<string> lines, TerminalCanvas canvas, string xLabel, Ticks ticks, double? mark, int gutter, bool asciiOnly)
    {
        var axis = new StringBuilder(new string(asciiOnly ? '-' : '─', canvas.Width));
        var labels = new StringBuilder(new string(' ', canvas.Width));
        var free = 0;
        for (var i = 0; i < ticks.Labels.Length; i++)
        {
            var (column, label) = (canvas.Column(ticks.Positions[i]), ticks.Labels[i]);
            axis[column] = asciiOnly ? '+' : '┬';
            var start = Math.Clamp(column - (label.Length / 2), 0, canvas.Width - label.Length);
            if (start < free)
                continue;
            labels.Remove(start, label.Length).Insert(start, label);
            free = start + label.Length + 1;
        }

        if (mark is { } x)
            axis[canvas.Column(x)] = TerminalCanvas.BestMark(asciiOnly);
        lines.Add(new string(' ', gutter - 1) + (asciiOnly ? "+" : "└") + axis);
        lines.Add(xLabel.PadLeft(gutter - 2) + "  " + labels);
    }

    private static List<string> Legend(IReadOnlyList<string> names, string? mark, int width, bool asciiOnly)
    {
        const string gap = "   ";
        var entries = names.Select((name, i) => $"{TerminalCanvas.LegendMark(i, asciiOnly)} {name}").ToList();
        if (mark is not null)
            entries.Add($"{TerminalCanvas.BestMark(asciiOnly)} {mark}");
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
