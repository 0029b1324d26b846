using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>A rectangle with axes, drawn on a canvas: several of them stand side by side in one chart. Values of a logarithmic axis are log₁₀ of the true ones.</summary>
internal sealed class PlotArea
{
    private const float PixelsPerTick = 45;

    private readonly (double Low, double High) _x;
    private readonly (double Low, double High) _y;

    public PlotArea(SKRect data, (double Low, double High) x, (double Low, double High) y) => (Data, _x, _y) = (data, x, y);

    /// <summary>Where the data are.</summary>
    public SKRect Data { get; }

    public float X(double value) => Data.Left + (float)((value - _x.Low) / (_x.High - _x.Low) * Data.Width);

    public float Y(double value) => Data.Bottom - (float)((value - _y.Low) / (_y.High - _y.Low) * Data.Height);

    public SKPoint At(double x, double y) => new(X(x), Y(y));

    /// <summary>How much room the labels of a y axis take in an area of a height.</summary>
    public static float LeftRoom(AxisSpan y, float height) => (y.Label.Length > 0 ? Theme.LabelFontSize + Theme.Gap : 0)
        + (y.HidesLabels ? 0 : y.Ticks(Math.Max(2, (int)(height / PixelsPerTick))).Labels.Select(label => ChartFont.Width(label, Theme.TickFontSize)).DefaultIfEmpty().Max() + Theme.Gap);

    /// <summary>Draws grid and axes into a rectangle and gives the area that is left for data.</summary>
    public static PlotArea Draw(SkiaPen pen, SKRect outer, AxisSpan x, AxisSpan y, bool isSquare = false, string title = "")
    {
        var bottom = outer.Bottom - (Theme.TickFontSize + Theme.Gap) - (x.Label.Length > 0 ? Theme.LabelFontSize + Theme.Gap : 0);
        var top = outer.Top + (title.Length > 0 ? Theme.LabelFontSize + (1.5f * Theme.Gap) : Theme.Gap);
        var yTicks = y.Ticks(Math.Max(2, (int)((bottom - top) / PixelsPerTick)));
        var left = outer.Left + LeftRoom(y, bottom - top);
        var right = outer.Right - Theme.Gap;
        if (isSquare)
        {
            var side = Math.Min(right - left, bottom - top);
            (right, bottom) = (left + side, top + side);
        }
        var area = new PlotArea(new SKRect(left, top, right, bottom), (x.Low, x.High), (y.Low, y.High));
        area.DrawAxes(pen, x, y, x.Ticks(Math.Max(2, (int)((right - left) / (PixelsPerTick * 1.3f)))), yTicks);
        if (title.Length > 0)
            pen.Text(ChartText.Fit(title, Theme.LabelFontSize, right - left), left, outer.Top + (Theme.LabelFontSize / 2) + 2, Theme.LabelFontSize);
        if (y.Label.Length > 0)
            pen.UprightText(ChartText.Fit(y.Label, Theme.LabelFontSize, bottom - top), outer.Left + (Theme.LabelFontSize / 2), (top + bottom) / 2);
        return area;
    }

    /// <summary>Everything until the scope ends is cut off at the border of the data.</summary>
    public Clipping Clip(SkiaPen pen) => new(pen.Canvas, Data);

    /// <summary>A curve in pieces, none across a gap.</summary>
    public void Curve(SkiaPen pen, IEnumerable<IReadOnlyList<Coordinates>> runs, Color color, float width = 2)
    {
        foreach (var run in runs)
        {
            SKPoint[] points = [.. run.Select(point => At(point.X, point.Y))];
            if (points.Length == 1)
                pen.Marker(MarkerShape.FilledCircle, points[0], 5, color);
            else
                pen.Curve(points, color, width);
        }
    }

    private void DrawAxes(SkiaPen pen, AxisSpan x, AxisSpan y, Ticks xTicks, Ticks yTicks)
    {
        const float tick = 4;
        for (var i = 0; i < yTicks.Positions.Length; i++)
        {
            var at = Y(yTicks.Positions[i]);
            if (y.HasGrid)
                pen.Line(Data.Left, at, Data.Right, at, Theme.Grid);
            pen.Line(Data.Left - tick, at, Data.Left, at, Theme.Axis);
            if (!y.HidesLabels)
                pen.Text(yTicks.Labels[i], Data.Left - Theme.Gap + 1, at, align: SKTextAlign.Right);
        }
        var free = float.NegativeInfinity;
        for (var i = 0; i < xTicks.Positions.Length; i++)
        {
            var at = X(xTicks.Positions[i]);
            if (x.HasGrid)
                pen.Line(at, Data.Top, at, Data.Bottom, Theme.Grid);
            pen.Line(at, Data.Bottom, at, Data.Bottom + tick, Theme.Axis);
            var half = ChartFont.Width(xTicks.Labels[i], Theme.TickFontSize) / 2;
            if (at - half < free)
                continue;
            pen.Text(xTicks.Labels[i], at, Data.Bottom + Theme.Gap + (Theme.TickFontSize / 2), align: SKTextAlign.Center);
            free = at + half + 4;
        }
        pen.Line(Data.Left, Data.Top, Data.Left, Data.Bottom, Theme.Axis);
        pen.Line(Data.Left, Data.Bottom, Data.Right, Data.Bottom, Theme.Axis);
        if (x.Label.Length > 0)
            pen.Text(ChartText.Fit(x.Label, Theme.LabelFontSize, Data.Width + 60), (Data.Left + Data.Right) / 2, Data.Bottom + Theme.TickFontSize + (2.2f * Theme.Gap) + (Theme.LabelFontSize / 2), Theme.LabelFontSize, SKTextAlign.Center);
    }

    internal readonly struct Clipping : IDisposable
    {
        private readonly SKCanvas _canvas;

        public Clipping(SKCanvas canvas, SKRect rect)
        {
            _canvas = canvas;
            canvas.Save();
            canvas.ClipRect(rect);
        }

        public void Dispose() => _canvas.Restore();
    }
}

/// <summary>What an axis shows, in log₁₀ where it is logarithmic.</summary>
internal sealed record AxisSpan(string Label, double Low, double High, bool IsLogarithmic = false)
{
    public bool HasGrid { get; init; } = true;

    /// <summary>Whether the axis beside it says the numbers already.</summary>
    public bool HidesLabels { get; init; }

    public bool IntegersOnly { get; init; }

    /// <summary>Ticks in place of numbers.</summary>
    public Ticks? Fixed { get; init; }

    public Ticks Ticks(int most) => Fixed ?? (IsLogarithmic ? Plots.Ticks.Log(Low, High, most) : Plots.Ticks.Linear(Low, High, most, IntegersOnly));
}
