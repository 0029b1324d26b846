using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>
/// A grid of coloured cells with contour lines and, at the right end of the data area, the bar of its colours, whose values are on the plot's right axis. Colours are viridis:
/// ordered by lightness, also for colour-blind readers and grey prints.
/// </summary>
internal sealed class HeatMap(ChartGrid grid, double[,] values, (double Low, double High) range, double[] levels) : IPlottable
{
    /// <summary>The width of the colour bar, and of the gap before it.</summary>
    public const float BarWidth = 18;
    public const float BarGap = 16;

    public static readonly Color NoValue = Color.FromHex("#D0D0D0");

    private const int BarSteps = 128;
    private const float MarkSize = 7;
    private static readonly ScottPlot.Colormaps.Viridis Ramp = new();

    /// <summary>The point to mark.</summary>
    public Coordinates? Mark { get; init; }

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    /// <summary>Where the cells of positions begin and end: half way between neighbours.</summary>
    public static double[] Edges(IReadOnlyList<double> positions) =>
    [
        positions[0] - ((positions[1] - positions[0]) / 2),
        .. Enumerable.Range(1, positions.Count - 1).Select(i => (positions[i - 1] + positions[i]) / 2),
        positions[^1] + ((positions[^1] - positions[^2]) / 2),
    ];

    public void Render(RenderPack rp)
    {
        var area = rp.DataRect;
        using var paint = new SKPaint { IsAntialias = false, Style = SKPaintStyle.Fill };
        var map = new SKRect(area.Left, area.Top, area.Right - BarWidth - BarGap, area.Bottom);
        DrawCells(rp.Canvas, paint, map);
        var bar = new SKRect(area.Right - BarWidth, area.Top, area.Right, area.Bottom);
        var step = bar.Height / BarSteps;
        for (var i = 0; i < BarSteps; i++)
        {
            paint.Color = Ramp.GetColor((i + 0.5) / BarSteps).ToSKColor();
            rp.Canvas.DrawRect(SKRect.Create(bar.Left, MathF.Floor(bar.Bottom - ((i + 1) * step)), BarWidth, MathF.Ceiling(step) + 1), paint);
        }

        paint.IsAntialias = true;
        paint.Style = SKPaintStyle.Stroke;
        foreach (var level in levels)
        {
            var share = Share(level);
            paint.Color = (share > 0.6 ? Theme.Text : Colors.White).ToSKColor().WithAlpha(190);
            paint.StrokeWidth = 1;
            using var line = new SKPath();
            foreach (var (from, to) in ContourLines.Of(values, level))
            {
                line.MoveTo(PixelOf(from));
                line.LineTo(PixelOf(to));
            }

            rp.Canvas.DrawPath(line, paint);
            var y = bar.Bottom - (float)(share * bar.Height);
            rp.Canvas.DrawLine(bar.Left, y, bar.Right, y, paint);
        }

        if (Mark is { } mark)
            DrawMark(rp.Canvas, paint, Axes.GetPixel(mark));
        paint.Color = Theme.Axis.ToSKColor();
        paint.StrokeWidth = 1;
        rp.Canvas.DrawRect(map, paint);
        rp.Canvas.DrawRect(bar, paint);
    }

    /// <summary>A cross in a white border, which shows on every colour.</summary>
    public static void DrawMark(SKCanvas canvas, SKPaint paint, Pixel center)
    {
        foreach (var (color, width, size) in new[] { (Colors.White, 5f, MarkSize + 1.5f), (Theme.SeriesColor(1), 2f, MarkSize) })
        {
            paint.Style = SKPaintStyle.Stroke;
            paint.Color = color.ToSKColor();
            paint.StrokeWidth = width;
            canvas.DrawLine(center.X - size, center.Y, center.X + size, center.Y, paint);
            canvas.DrawLine(center.X, center.Y - size, center.X, center.Y + size, paint);
        }
    }

    private void DrawCells(SKCanvas canvas, SKPaint paint, SKRect map)
    {
        var columns = Array.ConvertAll(Edges(grid.X), x => MathF.Round(Axes.GetPixelX(x)));
        var rows = Array.ConvertAll(Edges(grid.Y), y => MathF.Round(Axes.GetPixelY(y)));
        // The frame covers what rounding leaves over.
        (columns[0], columns[^1], rows[0], rows[^1]) = (map.Left, map.Right, map.Bottom, map.Top);
        for (var row = 0; row + 1 < rows.Length; row++)
        {
            for (var column = 0; column + 1 < columns.Length; column++)
            {
                var value = values[row, column];
                paint.Color = (double.IsNaN(value) ? NoValue : Ramp.GetColor(Share(value))).ToSKColor();
                canvas.DrawRect(new SKRect(columns[column], rows[row + 1], columns[column + 1], rows[row]), paint);
            }
        }
    }

    private double Share(double value) => (value - range.Low) / (range.High - range.Low);

    private SKPoint PixelOf((double Column, double Row) point) => new(Axes.GetPixelX(At(grid.X, point.Column)), Axes.GetPixelY(At(grid.Y, point.Row)));

    private static double At(IReadOnlyList<double> positions, double index)
    {
        var whole = Math.Min((int)index, positions.Count - 2);
        return positions[whole] + ((index - whole) * (positions[whole + 1] - positions[whole]));
    }
}
