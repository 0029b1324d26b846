using ScottPlot;

namespace Glia.Plots;

internal static class SurfaceChart
{
    private const int DefaultWidth = 680;
    private const int DefaultHeight = 620;
    private const float PixelsPerTick = 45;
    private const float PixelsPerLevel = 30;

    public static Chart Create(string title, ChartGrid grid, (string X, string Y, string Value) labels, bool logScale, (double X, double Y, string Text)? mark)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(labels.X);
        ArgumentNullException.ThrowIfNull(labels.Y);
        ArgumentNullException.ThrowIfNull(labels.Value);
        var values = grid.Drawable(logScale);
        var drawable = values.Cast<double>().Where(value => !double.IsNaN(value)).ToList();
        if (drawable.Count == 0)
            throw new ArgumentException($"No value of the grid is finite{(logScale ? " and above 0, as a logarithmic scale needs" : "")}.", nameof(grid));
        if (mark is { } given && !(Contains(grid.X, given.X) && Contains(grid.Y, given.Y)))
            throw new ArgumentException(FormattableString.Invariant($"The point to mark, ({given.X}, {given.Y}), is not on the grid, x {grid.X[0]} to {grid.X[^1]} and y {grid.Y[0]} to {grid.Y[^1]}."), nameof(mark));
        var range = (Low: drawable.Min(), High: drawable.Max());
        // A spread of rounding errors is one colour.
        if (range.High - range.Low <= Math.Max(1e-200, 1e-12 * Math.Max(Math.Abs(range.Low), Math.Abs(range.High))))
            range = LearningCurvesChart.Limits([range.Low], logScale);
        List<LegendEntry> legend = [];
        if (mark is { } named)
            legend.Add(new LegendEntry(ChartText.Clean(named.Text), LegendKind.Cross, Theme.SeriesColor(1)));
        if (drawable.Count < values.Length)
            legend.Add(new LegendEntry(logScale ? "not finite and positive" : "not finite", LegendKind.Patch, HeatMap.NoValue));
        var cleaned = (ChartText.Clean(labels.X), ChartText.Clean(labels.Y), ChartText.Clean(labels.Value) + (logScale ? ", log scale" : ""));
        Coordinates? point = mark is { } at ? new Coordinates(at.X, at.Y) : null;
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (width, height, top) => Draw(grid, values, range, cleaned, logScale, point, width, height, top))
        {
            Text = (width, height, _) => Write(grid, values, range, cleaned, width, height),
        };
    }

    private static Plot Draw(
        ChartGrid grid, double[,] values, (double Low, double High) range, (string X, string Y, string Value) labels, bool logScale, Coordinates? mark, int width, int height, float top)
    {
        var (x, y) = (HeatMap.Edges(grid.X), HeatMap.Edges(grid.Y));
        var bottom = height - Theme.BottomRoom;
        var tickCount = (int)Math.Max(2, (bottom - top) / PixelsPerTick);
        var yTicks = Ticks.Linear(y[0], y[^1], tickCount);
        var levelCount = (int)Math.Max(2, (bottom - top) / PixelsPerLevel);
        var levels = logScale ? Ticks.Log(range.Low, range.High, levelCount) : Ticks.Linear(range.Low, range.High, levelCount);
        var (left, right) = (Theme.LeftRoom(yTicks), Theme.LeftRoom(levels));
        var area = width - left - right;
        var xTicks = Ticks.Linear(x[0], x[^1], (int)Math.Max(2, area / (PixelsPerTick * 1.2f)));
        var plot = Theme.NewPlot(new PixelRect(left, width - right, bottom, top), width, height);
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, labels.X, xTicks);
        Theme.SetAxis(plot.Axes.Left, left, labels.Y, yTicks);
        plot.Axes.Right.IsVisible = true;
        Theme.SetAxis(plot.Axes.Right, right, labels.Value, levels);
        foreach (var axis in new IAxis[] { plot.Axes.Bottom, plot.Axes.Left, plot.Axes.Right })
            axis.FrameLineStyle.Width = 0;
        plot.HideGrid();
        // The colour bar has the right end of the data area.
        var mapShare = Math.Max(0.1, (area - HeatMap.BarWidth - HeatMap.BarGap) / area);
        plot.Axes.SetLimits(x[0], x[0] + ((x[^1] - x[0]) / mapShare), y[0], y[^1]);
        plot.Axes.SetLimitsY(range.Low, range.High, plot.Axes.Right);
        plot.Add.Plottable(new HeatMap(grid, values, range, levels.Positions) { Mark = mark });
        return plot;
    }

    private static bool Contains(IReadOnlyList<double> positions, double value) => value >= positions[0] && value <= positions[^1];

    private static List<string> Write(ChartGrid grid, double[,] values, (double Low, double High) range, (string X, string Y, string Value) labels, int width, int height)
    {
        // The first row of a grid is the lowest, the first line of a text the highest.
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        var flipped = new double[rows, columns];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                flipped[rows - 1 - row, column] = values[row, column];
        }
        return
        [
            $"{labels.Value}: {TerminalShades.Legend(range.Low, range.High)}{(labels.Value.EndsWith("log scale", StringComparison.Ordinal) ? " (log10)" : "")}",
            .. TerminalShades.Lines(flipped, range.Low, range.High, Math.Min(width, 60), height - 2).Select(line => line.TrimEnd()),
            FormattableString.Invariant($"{labels.X} from {grid.X[0]:G3} to {grid.X[^1]:G3}, {labels.Y} from {grid.Y[0]:G3} (below) to {grid.Y[^1]:G3}"),
        ];
    }
}
