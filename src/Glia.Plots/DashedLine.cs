using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>
/// A dashed line drawn as one path of short strokes. Skia's own dashes are a path effect, which its SVG canvas does not know: it complains about each on
/// standard error.
/// </summary>
internal sealed class DashedLine(Coordinates start, Coordinates end, Color color) : IPlottable
{
    public const float Width = 1.5f;
    private const float DashLength = 6;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        using var paint = new SKPaint { IsAntialias = true };
        Draw(rp.Canvas, paint, Axes.GetPixel(start), Axes.GetPixel(end), color);
    }

    /// <summary>Draws dashes from one pixel to another, as long as the gaps between them.</summary>
    public static void Draw(SKCanvas canvas, SKPaint paint, Pixel start, Pixel end, Color color)
    {
        var (dx, dy) = (end.X - start.X, end.Y - start.Y);
        var length = MathF.Sqrt((dx * dx) + (dy * dy));
        using var path = new SKPath();
        for (var from = 0f; from < length; from += 2 * DashLength)
        {
            var (a, b) = (from / length, Math.Min(1, (from + DashLength) / length));
            path.MoveTo(start.X + (a * dx), start.Y + (a * dy));
            path.LineTo(start.X + (b * dx), start.Y + (b * dy));
        }

        paint.Style = SKPaintStyle.Stroke;
        paint.StrokeWidth = Width;
        paint.Color = color.ToSKColor();
        canvas.DrawPath(path, paint);
    }
}
