using SkiaSharp;

namespace Glia.Plots;

/// <summary>What the colours of a scale mean.</summary>
internal static class ColorBar
{
    /// <summary>The bar in a rectangle, its numbers right of it, and what they are beside them.</summary>
    public static void Draw(SkiaPen pen, SKRect bar, (double Low, double High) range, ImageColors colors, string label)
    {
        const int Steps = 64;
        pen.Bitmap(bar, 1, Steps, (_, y) => ImageRamp.At(colors, 1 - (y / (Steps - 1.0))));
        pen.Frame(bar, Theme.Axis, 0.5f);
        var ticks = Ticks.Linear(range.Low, range.High, Math.Clamp((int)(bar.Height / 32), 3, 6));
        for (var i = 0; i < ticks.Positions.Length; i++)
        {
            var y = bar.Bottom - (float)((ticks.Positions[i] - range.Low) / (range.High - range.Low) * bar.Height);
            pen.Line(bar.Right, y, bar.Right + 4, y, Theme.Axis);
            pen.Text(ticks.Labels[i], bar.Right + 7, y, Theme.TickFontSize - 1);
        }
        if (label.Length == 0)
            return;
        var room = ticks.Labels.Select(l => ChartFont.Width(l, Theme.TickFontSize - 1)).DefaultIfEmpty().Max();
        pen.UprightText(ChartText.Fit(label, Theme.TickFontSize, bar.Height + 40), bar.Right + 7 + room + 11, (bar.Top + bar.Bottom) / 2, Theme.TickFontSize);
    }
}
