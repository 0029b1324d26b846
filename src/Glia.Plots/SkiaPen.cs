using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>Draws on a canvas in the look that all charts share.</summary>
internal sealed class SkiaPen(SKCanvas canvas) : IDisposable
{
    private readonly SKPaint _paint = new() { IsAntialias = true };

    public SKCanvas Canvas => canvas;

    /// <summary>Text whose middle is at the height of y.</summary>
    public void Text(string text, float x, float y, float size = Theme.TickFontSize, SKTextAlign align = SKTextAlign.Left, Color? color = null)
    {
        if (text.Length == 0)
            return;
        using var font = new SKFont(ChartFont.Typeface, size) { Subpixel = true };
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = (color ?? Theme.Text).ToSKColor();
        canvas.DrawText(text, x, y + (0.36f * size), align, font, _paint);
    }

    /// <summary>Text that runs upwards, its middle at a point.</summary>
    public void UprightText(string text, float x, float y, float size = Theme.LabelFontSize)
    {
        canvas.Save();
        canvas.Translate(x, y);
        canvas.RotateDegrees(-90);
        Text(text, 0, 0, size, SKTextAlign.Center);
        canvas.Restore();
    }

    public void Line(float x1, float y1, float x2, float y2, Color color, float width = 1)
    {
        Stroke(color, width);
        canvas.DrawLine(x1, y1, x2, y2, _paint);
    }

    public void Curve(IReadOnlyList<SKPoint> points, Color color, float width)
    {
        Stroke(color, width);
        _paint.StrokeJoin = SKStrokeJoin.Round;
        using var path = PathOf(points);
        canvas.DrawPath(path, _paint);
    }

    public void Area(IReadOnlyList<SKPoint> points, Color color)
    {
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = color.ToSKColor();
        using var path = PathOf(points);
        path.Close();
        canvas.DrawPath(path, _paint);
    }

    public void Fill(SKRect rect, Color color)
    {
        _paint.Style = SKPaintStyle.Fill;
        _paint.Color = color.ToSKColor();
        canvas.DrawRect(rect, _paint);
    }

    public void Frame(SKRect rect, Color color, float width = 1)
    {
        Stroke(color, width);
        canvas.DrawRect(rect, _paint);
    }

    public void Circle(float x, float y, float radius, Color color, float width)
    {
        Stroke(color, width);
        canvas.DrawOval(new SKRect(x - radius, y - radius, x + radius, y + radius), _paint);
    }

    public void Dashes(SKPoint from, SKPoint to, Color color) => DashedLine.Draw(canvas, _paint, new Pixel(from.X, from.Y), new Pixel(to.X, to.Y), color);

    public void Marker(MarkerShape shape, SKPoint at, float size, Color color)
    {
        using var paint = Paint.NewDisposablePaint();
        Drawing.DrawMarker(canvas, paint, new Pixel(at.X, at.Y), new MarkerStyle(shape, size, color));
    }

    /// <summary>Pixels, each as a rectangle of its own colour: they are enlarged here, so that no viewer smooths them.</summary>
    public void Pixels(SKRect rect, int columns, int rows, Func<int, int, Color> colorAt)
    {
        var (width, height) = (Math.Max(1, (int)MathF.Round(rect.Width)), Math.Max(1, (int)MathF.Round(rect.Height)));
        Bitmap(rect, width, height, (x, y) => colorAt((int)((long)x * columns / width), (int)((long)y * rows / height)));
    }

    /// <summary>A picture whose pixels are computed.</summary>
    public void Bitmap(SKRect rect, int width, int height, Func<int, int, Color> colorAt)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var pixels = new SKColor[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                pixels[(y * width) + x] = colorAt(x, y).ToSKColor();
        }
        bitmap.Pixels = pixels;
        using var image = SKImage.FromBitmap(bitmap);
        _paint.Color = SKColors.Black;
        canvas.DrawImage(image, rect, new SKSamplingOptions(SKFilterMode.Nearest), _paint);
    }

    public void Dispose() => _paint.Dispose();

    private void Stroke(Color color, float width)
    {
        _paint.Style = SKPaintStyle.Stroke;
        _paint.Color = color.ToSKColor();
        _paint.StrokeWidth = width;
    }

    private static SKPath PathOf(IReadOnlyList<SKPoint> points)
    {
        var path = new SKPath();
        for (var i = 0; i < points.Count; i++)
        {
            if (i == 0)
                path.MoveTo(points[i]);
            else
                path.LineTo(points[i]);
        }
        return path;
    }
}
