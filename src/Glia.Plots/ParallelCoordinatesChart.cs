using ScottPlot;

namespace Glia.Plots;

internal static class ParallelCoordinatesChart
{
    private const int DefaultWidth = 900;
    private const int DefaultHeight = 540;
    private const int TicksPerAxis = 5;
    private const float LongestLabel = 84;

    // The palest end of the ramp would be lost on white.
    private const double PalestShare = 0.18;

    public static Chart Create(
        string title, IReadOnlyList<ParallelAxis> axes, IReadOnlyList<IReadOnlyList<double>> lines, string scoreLabel, IReadOnlyList<double> scores, bool lowerIsBetter)
    {
        ArgumentNullException.ThrowIfNull(axes);
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentNullException.ThrowIfNull(scoreLabel);
        ArgumentNullException.ThrowIfNull(scores);
        if (axes.Count == 0)
            throw new ArgumentException("Parallel coordinates need at least one axis beside the score.", nameof(axes));
        if (lines.Count != scores.Count)
            throw new ArgumentException($"There are {lines.Count} lines but {scores.Count} scores; each line needs one.", nameof(scores));
        if (lines.FirstOrDefault(line => line.Count != axes.Count) is { } wrong)
            throw new ArgumentException($"A line has {wrong.Count} values, but there are {axes.Count} axes.", nameof(lines));
        int[] shown = [.. Enumerable.Range(0, lines.Count).Where(i => ChartText.IsDrawable(scores[i]) && !axes.Where((axis, a) => double.IsNaN(axis.PositionOf(lines[i][a]))).Any())];
        if (shown.Length == 0)
            throw new ArgumentException("There is no line whose score is finite and whose values lie on their axes.", nameof(lines));

        // The worst first, so that the best lie on top.
        int[] order = [.. shown.OrderByDescending(i => lowerIsBetter ? scores[i] : -scores[i]).ThenByDescending(i => i)];
        var score = ScoreAxis(scoreLabel, [.. order.Select(i => scores[i])]);
        ParallelAxis[] all = [.. axes, score];
        var drawn = order.Select(i => all.Select((axis, a) => new Coordinates(a, axis.PositionOf(a < axes.Count ? lines[i][a] : Math.Clamp(scores[i], score.Low, score.High)))).ToArray()).ToArray();
        LegendEntry[] legend =
        [
            new("worst to best, by rank", LegendKind.Ramp, Colors.Black),
            new("the best", LegendKind.Line, Theme.SeriesColor(1)),
        ];
        return new Chart(title, DefaultWidth, DefaultHeight, legend, (width, height, top) => Draw(all, drawn, width, height, top))
        {
            Text = (width, height, asciiOnly) => Write(all, [.. order.Reverse().Select(i => (IReadOnlyList<double>)[.. lines[i], scores[i]])], width, height, asciiOnly),
        };
    }

    /// <summary>From the least to the greatest score; those far beyond the others lie at the end, or they would press all others together.</summary>
    private static ParallelAxis ScoreAxis(string label, double[] scores)
    {
        double[] sorted = [.. scores.Order()];
        var (quarter, threeQuarters) = (sorted[sorted.Length / 4], sorted[3 * sorted.Length / 4]);
        var reach = 3 * (threeQuarters - quarter);
        return reach > 0
            ? new ParallelAxis(label, Math.Max(sorted[0], quarter - reach), Math.Min(sorted[^1], threeQuarters + reach))
            : new ParallelAxis(label, sorted[0], sorted[^1]);
    }

    private static Plot Draw(ParallelAxis[] axes, Coordinates[][] lines, int width, int height, float top)
    {
        // Labels stand left of their axes, and half a line above and below the ends.
        const float labelRoom = LongestLabel + Theme.Gap;
        const float endRoom = Theme.TickFontSize;
        var (left, right, bottom) = (Theme.Margin, width - Theme.Margin, height - Theme.BottomRoom);
        var plot = Theme.NewPlot(new PixelRect(left, right, bottom, top), width, height);
        var pitch = (right - left - (1.5f * labelRoom)) / Math.Max(1, axes.Length - 1);
        var names = axes.Select(axis => ChartText.Fit(ChartText.Clean(axis.Name), Theme.TickFontSize, Math.Max(40, pitch - Theme.Gap))).ToArray();
        Theme.SetAxis(plot.Axes.Bottom, Theme.BottomRoom, "", new Ticks([.. axes.Select((_, i) => (double)i)], names));
        Theme.SetAxis(plot.Axes.Left, left, "", new Ticks([], []));
        plot.Axes.Left.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.MajorTickStyle.Length = 0;
        plot.HideGrid();
        var ends = endRoom / (bottom - top - (2 * endRoom));
        plot.Axes.SetLimits(-labelRoom / pitch, axes.Length - 1 + (labelRoom / 2 / pitch), -ends, 1 + ends);
        for (var i = 0; i < lines.Length; i++)
        {
            var isBest = i == lines.Length - 1;
            var share = PalestShare + ((1 - PalestShare) * i / Math.Max(1, lines.Length - 1));
            var line = plot.Add.Scatter(lines[i]);
            line.Color = isBest ? Theme.SeriesColor(1) : ColorRamp.At(share).WithAlpha(0.85);
            line.LineWidth = isBest ? 3 : 1.5f;
            line.MarkerSize = 0;
        }

        for (var a = 0; a < axes.Length; a++)
            DrawAxis(plot, axes[a], a, Math.Min(LongestLabel, pitch - (2 * Theme.Gap)));
        return plot;
    }

    private static void DrawAxis(Plot plot, ParallelAxis axis, int place, float room)
    {
        FunctionChart.AddLine(plot, new Coordinates(place, 0), new Coordinates(place, 1), Theme.Axis, 1.5f);
        var ticks = axis.TicksOf(TicksPerAxis);
        for (var i = 0; i < ticks.Positions.Length; i++)
        {
            var label = plot.Add.Text(ChartText.Fit(ChartText.Clean(ticks.Labels[i]), Theme.TickFontSize, Math.Max(24, room)), place, ticks.Positions[i]);
            label.LabelAlignment = Alignment.MiddleRight;
            label.LabelFontName = ChartFont.Name;
            label.LabelFontSize = Theme.TickFontSize;
            label.LabelFontColor = Theme.Text;
            // Lines pass behind the numbers.
            label.LabelBackgroundColor = Colors.White.WithAlpha(0.75);
            label.OffsetX = -6;
        }
    }

    /// <summary>The best as a table.</summary>
    private static List<string> Write(ParallelAxis[] axes, IReadOnlyList<double>[] rows, int width, int height, bool asciiOnly)
    {
        var column = Math.Max(6, (width / axes.Length) - 2);
        string Row(IEnumerable<string> cells) => string.Join("  ", cells.Select(cell => TerminalText.PadLeft(TerminalText.Fit(cell, column, asciiOnly), column)));
        List<string> text = [Row(axes.Select(a => a.Name)), .. rows.Take(height - 2).Select(row => Row(row.Select((value, a) => axes[a].Categories is { } names
            ? names[Math.Clamp((int)value, 0, names.Count - 1)] : value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture))))];
        if (rows.Length > height - 2)
            text.Add($"the best {height - 2} of {rows.Length}");
        return text;
    }
}
