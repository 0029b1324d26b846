using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>What a legend entry shows before its text.</summary>
internal enum LegendKind
{
    Line,
    DashedLine,
    Marker,
    Ramp,
    Viridis,
    Cross,
    Patch,
}

/// <summary>One entry of a legend; a ramp needs no colour.</summary>
internal sealed record LegendEntry(string Text, LegendKind Kind, Color Color, MarkerShape Marker = MarkerShape.None);

/// <summary>The title and, below it, the legend: above the data area, where they cover nothing.</summary>
internal sealed class ChartHeader(string title, IReadOnlyList<LegendEntry> legend)
{
    private const float SampleWidth = 26;
    private const float RampWidth = 90;
    private const float EntryGap = 22;
    private const float RowHeight = 20;
    private const float MaxEntryShare = 0.45f;

    public float Height(int width) =>
        Theme.Margin + (title.Length > 0 ? Theme.TitleFontSize + Theme.Gap : 0) + (Rows(width).Count * RowHeight) + Theme.Gap;

    public void Draw(SKCanvas canvas, int width)
    {
        using var paint = new SKPaint { IsAntialias = true };
        var y = Theme.Margin - 4;
        if (title.Length > 0)
        {
            y += Theme.TitleFontSize;
            var text = ChartText.Fit(title, Theme.TitleFontSize, width - (2 * Theme.Margin));
            DrawText(canvas, paint, text, Theme.Margin, y, Theme.TitleFontSize);
            y += Theme.Gap;
        }

        foreach (var row in Rows(width))
        {
            y += RowHeight;
            var x = Theme.Margin;
            foreach (var (entry, text) in row)
            {
                DrawSample(canvas, paint, entry, x, y - 8);
                DrawText(canvas, paint, text, x + Sample(entry) + 6, y - 4, Theme.TickFontSize);
                x += EntryWidth(entry, text);
            }
        }
    }

    private static float Sample(LegendEntry entry) => entry.Kind is LegendKind.Ramp or LegendKind.Viridis ? RampWidth : SampleWidth;

    private static float EntryWidth(LegendEntry entry, string text) =>
        Sample(entry) + 6 + ChartFont.Width(text, Theme.TickFontSize) + EntryGap;

    private List<List<(LegendEntry Entry, string Text)>> Rows(int width)
    {
        var rows = new List<List<(LegendEntry, string)>>();
        var right = float.PositiveInfinity;
        foreach (var entry in legend)
        {
            var text = ChartText.Fit(entry.Text, Theme.TickFontSize, Math.Max(60, (MaxEntryShare * width) - Sample(entry)));
            var entryWidth = EntryWidth(entry, text);
            if (right + entryWidth - EntryGap > width - Theme.Margin)
            {
                rows.Add([]);
                right = Theme.Margin;
            }

            rows[^1].Add((entry, text));
            right += entryWidth;
        }

        return rows;
    }

    private static void DrawText(SKCanvas canvas, SKPaint paint, string text, float x, float y, float size)
    {
        using var font = new SKFont(ChartFont.Typeface, size) { Subpixel = true };
        paint.Style = SKPaintStyle.Fill;
        paint.Color = Theme.Text.ToSKColor();
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, paint);
    }

    private static void DrawSample(SKCanvas canvas, SKPaint paint, LegendEntry entry, float x, float y)
    {
        if (entry.Kind is LegendKind.Ramp or LegendKind.Viridis)
        {
            const int steps = 30;
            paint.Style = SKPaintStyle.Fill;
            for (var i = 0; i < steps; i++)
            {
                paint.Color = (entry.Kind == LegendKind.Ramp ? ColorRamp.At(i / (steps - 1.0)) : ImageRamp.At(ImageColors.Viridis, i / (steps - 1.0))).ToSKColor();
                canvas.DrawRect(x + (i * RampWidth / steps), y - 5, RampWidth / steps, 10, paint);
            }

            return;
        }

        if (entry.Kind == LegendKind.Cross)
            HeatMap.DrawMark(canvas, paint, new Pixel(x + (SampleWidth / 2), y));
        if (entry.Kind == LegendKind.Patch)
        {
            paint.Style = SKPaintStyle.Fill;
            paint.Color = entry.Color.ToSKColor();
            canvas.DrawRect(x + 4, y - 6, SampleWidth - 8, 12, paint);
        }

        if (entry.Kind == LegendKind.DashedLine)
            DashedLine.Draw(canvas, paint, new Pixel(x, y), new Pixel(x + SampleWidth, y), entry.Color);
        if (entry.Kind == LegendKind.Line)
        {
            paint.Style = SKPaintStyle.Stroke;
            paint.StrokeWidth = 2;
            paint.Color = entry.Color.ToSKColor();
            canvas.DrawLine(x, y, x + SampleWidth, y, paint);
        }

        if (entry.Marker != MarkerShape.None)
        {
            using var markerPaint = Paint.NewDisposablePaint();
            Drawing.DrawMarker(canvas, markerPaint, new Pixel(x + (SampleWidth / 2), y), new MarkerStyle(entry.Marker, 7, entry.Color));
        }
    }
}
