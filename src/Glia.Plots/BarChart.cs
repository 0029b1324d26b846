using System.Globalization;
using ScottPlot;

namespace Glia.Plots;

internal static class BarChart
{
    private const int DefaultWidth = 720;
    private const int DefaultHeight = 360;
    private const float LongestName = 200;
    private const float PixelsPerTick = 70;
    private const double Thickness = 0.62;

    public static Chart Create(string title, IReadOnlyList<string> names, IReadOnlyList<double> values, string xLabel)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(xLabel);
        if (names.Count == 0)
            throw new ArgumentException("There is no bar to draw; give at least one.", nameof(names));
        if (names.Count != values.Count)
            throw new ArgumentException($"There are {names.Count} names but {values.Count} values; each bar needs both.", nameof(values));
        if (values.FirstOrDefault(value => !(value >= 0 && ChartText.IsDrawable(value)), 0) is not 0 and var wrong)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Bars expect finite values of 0 or more, but got {wrong}."), nameof(values));
        // The longest on top.
        int[] order = [.. Enumerable.Range(0, names.Count).OrderByDescending(i => values[i]).ThenBy(i => i)];
        string[] labels = [.. order.Select(i => ChartText.Clean(names[i]))];
        double[] lengths = [.. order.Select(i => values[i])];
        return new Chart(title, DefaultWidth, DefaultHeight, [], (width, height, top) => Draw(labels, lengths, ChartText.Clean(xLabel), width, height, top))
        {
            Text = (width, _, asciiOnly) => Write(labels, lengths, ChartText.Clean(xLabel), width, asciiOnly),
        };
    }

    private static Plot Draw(string[] names, double[] lengths, string xLabel, int width, int height, float top)
    {
        var shown = names.Select(name => ChartText.Fit(name, Theme.TickFontSize, LongestName)).ToArray();
        var rows = new Ticks([.. shown.Select((_, i) => (double)-i)], shown);
        var left = Theme.LeftRoom(rows) - Theme.LabelFontSize;
        var (right, bottom) = (width - Theme.Margin - Theme.Gap, height - Theme.BottomRoom);
        var most = lengths.Max() is > 0 and var longest ? longest : 1;
        // Room for the number at the end of the longest bar.
        var end = most * (1 + (52 / Math.Max(100, right - left)));
        var plot = Theme.NewPlot(new PixelRect(left, right, bottom, top), width, height);
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, xLabel, Ticks.Linear(0, end, (int)Math.Max(2, (right - left) / PixelsPerTick)));
        Theme.SetAxis(plot.Axes.Left, left, "", rows);
        plot.Axes.SetLimits(0, end, -names.Length + 0.5, 0.5);
        for (var i = 0; i < lengths.Length; i++)
        {
            var bar = plot.Add.Rectangle(0, lengths[i], -i - (Thickness / 2), -i + (Thickness / 2));
            bar.FillColor = Theme.SeriesColor(0);
            bar.LineWidth = 0;
            var label = plot.Add.Text(lengths[i].ToString("G3", CultureInfo.InvariantCulture), lengths[i], -i);
            label.LabelAlignment = Alignment.MiddleLeft;
            label.LabelFontName = ChartFont.Name;
            label.LabelFontSize = Theme.TickFontSize;
            label.LabelFontColor = Theme.Text;
            label.OffsetX = 6;
        }

        return plot;
    }

    private static List<string> Write(string[] names, double[] lengths, string xLabel, int width, bool asciiOnly)
    {
        var room = Math.Min(width / 3, names.Max(TerminalText.Width));
        var (columns, most) = (width - room - 14, lengths.Max() is > 0 and var longest ? longest : 1);
        return
        [
            .. names.Select((name, i) => string.Create(
                CultureInfo.InvariantCulture, $"{TerminalText.PadRight(TerminalText.Fit(name, room, asciiOnly), room)} {lengths[i],10:G4} {new string(asciiOnly ? '#' : '█', (int)Math.Round(columns * lengths[i] / most))}").TrimEnd()),
            .. xLabel.Length > 0 ? [TerminalText.Fit(xLabel, width, asciiOnly)] : Array.Empty<string>(),
        ];
    }
}
