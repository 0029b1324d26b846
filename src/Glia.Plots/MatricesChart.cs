using SkiaSharp;

namespace Glia.Plots;

/// <summary>Numbers by unit and step as colours, one part below the other over the same steps: gates and states of a recurrent layer, for example.</summary>
internal static class MatricesChart
{
    private const int DefaultWidth = 900;
    private const float PartHeight = 96;
    private const float PartGap = 14;
    private const float BarRoom = 66;
    private const float AxisRoom = 46;

    public static Chart Create(string title, IReadOnlyList<ChartMatrix> parts, string xLabel, string yLabel, IReadOnlyList<string>? stepNames)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(xLabel);
        ArgumentNullException.ThrowIfNull(yLabel);
        if (parts.Count == 0)
            throw new ArgumentException("There is nothing to draw; give at least one part.", nameof(parts));
        var steps = parts[0].Values.GetLength(1);
        if (parts.Any(p => p.Values.GetLength(1) != steps) || (stepNames is not null && stepNames.Count != steps))
            throw new ArgumentException($"All parts and the names must have the same number of steps, but there are {string.Join(", ", parts.Select(p => p.Values.GetLength(1)))} steps{(stepNames is null ? "" : $" and {stepNames.Count} names")}.", nameof(parts));
        var height = (int)(60 + (parts.Count * (PartHeight + PartGap)) + AxisRoom);
        return new Chart(title, DefaultWidth, Math.Max(200, height), [], (pen, w, h, top) => Draw(pen, w, h, top, parts, ChartText.Clean(xLabel), ChartText.Clean(yLabel), stepNames))
        {
            Text = (width, height, asciiOnly) => Write(parts, width, height, asciiOnly),
        };
    }

    private static void Draw(SkiaPen pen, int width, int height, float top, IReadOnlyList<ChartMatrix> parts, string xLabel, string yLabel, IReadOnlyList<string>? stepNames)
    {
        var names = Math.Min(190, parts.Max(p => ChartFont.Width(p.Name, Theme.LabelFontSize)));
        var (left, right) = (Theme.Margin + names + (2 * Theme.Gap), width - Theme.Margin - BarRoom);
        if (yLabel.Length > 0)
            left += Theme.LabelFontSize + Theme.Gap;
        var part = (height - top - AxisRoom - ((parts.Count - 1) * PartGap)) / parts.Count;
        var steps = parts[0].Values.GetLength(1);
        for (var i = 0; i < parts.Count; i++)
        {
            var rect = new SKRect(MathF.Round(left), MathF.Round(top + (i * (part + PartGap))), MathF.Round(right), MathF.Round(top + (i * (part + PartGap)) + part));
            var (values, (low, high), colors) = (parts[i].Values, parts[i].Range, parts[i].Colors);
            pen.Pixels(rect, steps, values.GetLength(0), (column, row) => ImageRamp.At(colors, (values[row, column] - low) / (high - low)));
            pen.Frame(rect, Theme.Axis, 0.5f);
            pen.Text(ChartText.Fit(parts[i].Name, Theme.LabelFontSize, names), Theme.Margin, rect.MidY, Theme.LabelFontSize);
            if (yLabel.Length > 0)
                pen.UprightText(ChartText.Fit(ChartText.Clean(parts[i].RowLabel ?? yLabel), Theme.TickFontSize - 1, part), left - Theme.Gap - 2, rect.MidY, Theme.TickFontSize - 1);
            ColorBar.Draw(pen, new SKRect(rect.Right + 10, rect.Top, rect.Right + 20, rect.Bottom), (low, high), colors, "");
        }
        DrawSteps(pen, left, right, top + (parts.Count * (part + PartGap)) - PartGap, steps, xLabel, stepNames);
    }

    private static void DrawSteps(SkiaPen pen, float left, float right, float bottom, int steps, string label, IReadOnlyList<string>? names)
    {
        var pitch = (right - left) / steps;
        var at = bottom + Theme.Gap + (Theme.TickFontSize / 2);
        if (names is not null)
        {
            // As large as lets every name stand, down to what can still be read.
            const float smallest = 8;
            var size = Math.Clamp(pitch / Math.Max(0.01f, names.Max(n => ChartFont.Width(n, 1)) + 0.1f), smallest, Theme.TickFontSize);
            var every = Math.Max(1, (int)Math.Ceiling(names.Max(n => ChartFont.Width(n, size)) / (pitch + 1)));
            for (var step = 0; step < steps; step += every)
                pen.Text(ChartText.Clean(names[step]), left + ((step + 0.5f) * pitch), at, size, SKTextAlign.Center);
        }
        else
        {
            var ticks = Ticks.Linear(1, Math.Max(2, steps), Math.Max(2, (int)((right - left) / 60)), integersOnly: true);
            for (var i = 0; i < ticks.Positions.Length && ticks.Positions[i] <= steps; i++)
            {
                var x = left + ((float)(ticks.Positions[i] - 0.5) * pitch);
                pen.Line(x, bottom, x, bottom + 4, Theme.Axis);
                pen.Text(ticks.Labels[i], x, at + 1, align: SKTextAlign.Center);
            }
        }
        pen.Text(label, (left + right) / 2, at + Theme.TickFontSize + 5, Theme.LabelFontSize, SKTextAlign.Center);
    }

    private static List<string> Write(IReadOnlyList<ChartMatrix> parts, int width, int height, bool asciiOnly)
    {
        var lines = new List<string>();
        foreach (var part in parts)
        {
            lines.Add($"{TerminalText.Fit(part.Name, width - 30, asciiOnly)}   {TerminalShades.Legend(part.Range.Low, part.Range.High)}");
            var rows = Math.Clamp(height / parts.Count, 3, Math.Max(3, part.Values.GetLength(0)));
            lines.AddRange(TerminalShades.Lines(part.Values, part.Range.Low, part.Range.High, Math.Min(width, Math.Max(20, part.Values.GetLength(1))), rows).Select(l => l.TrimEnd()));
        }
        return lines;
    }
}
