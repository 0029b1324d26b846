namespace Glia.Data;

/// <summary>Moves, mirrors, turns and enlarges an image (channels, rows, columns): each pixel of the result is looked up where it came from.</summary>
internal readonly ref struct ImageWarp(int height, int width, PadMode edge)
{
    /// <summary>How many rows the image moves down.</summary>
    public int Rows { get; init; }

    /// <summary>How many columns it moves to the right.</summary>
    public int Columns { get; init; }

    public bool FlipsRows { get; init; }

    public bool FlipsColumns { get; init; }

    /// <summary>Moves and mirrors by whole pixels, exactly.</summary>
    public void Move(ReadOnlySpan<float> source, Span<float> destination)
    {
        for (var start = 0; start < source.Length; start += height * width)
        {
            for (var y = 0; y < height; y++)
            {
                var row = Inside(FlipsRows ? height - 1 - (y - Rows) : y - Rows, height);
                var to = destination.Slice(start + (y * width), width);
                if (row < 0)
                {
                    to.Clear();
                    continue;
                }
                var from = source.Slice(start + (row * width), width);
                if (Columns == 0 && !FlipsColumns)
                {
                    from.CopyTo(to);
                    continue;
                }
                for (var x = 0; x < width; x++)
                {
                    var column = Inside(FlipsColumns ? width - 1 - (x - Columns) : x - Columns, width);
                    to[x] = column < 0 ? 0 : from[column];
                }
            }
        }
    }

    /// <summary>
    /// Mirrors, then enlarges and turns about the middle, then moves, with bilinear interpolation. A positive angle turns counter-clockwise.
    /// </summary>
    public void Resample(ReadOnlySpan<float> source, Span<float> destination, double angle, double zoom)
    {
        var (sin, cos) = Math.SinCos(angle);
        var (middleY, middleX) = ((height - 1) / 2.0, (width - 1) / 2.0);
        var (lastTop, lastLeft, columns, plane) = (height - 1, width - 1, width, height * width);
        // How far the source moves on, per column of the result.
        var stepY = (FlipsRows ? -sin : sin) / zoom;
        var stepX = (FlipsColumns ? -cos : cos) / zoom;
        for (var y = 0; y < height; y++)
        {
            var (v, u) = (y - Rows - middleY, -Columns - middleX);
            var rowY = middleY + ((FlipsRows ? -1 : 1) * ((cos * v) + (sin * u)) / zoom);
            var rowX = middleX + ((FlipsColumns ? -1 : 1) * ((cos * u) - (sin * v)) / zoom);
            for (var x = 0; x < columns; x++)
            {
                var (fromY, fromX) = (rowY + (x * stepY), rowX + (x * stepX));
                var at = (y * columns) + x;
                var (top, left) = ((int)fromY, (int)fromX);
                if (fromY < 0 || fromX < 0 || top >= lastTop || left >= lastLeft)
                {
                    ResampleAtEdge(source, destination, at, fromY, fromX);
                    continue;
                }
                var (down, right) = ((float)(fromY - top), (float)(fromX - left));
                for (var start = (top * columns) + left; start < source.Length; start += plane, at += plane)
                {
                    var window = source.Slice(start, columns + 2);
                    destination[at] = Mix(Mix(window[0], window[1], right), Mix(window[columns], window[columns + 1], right), down);
                }
            }
        }
    }

    private void ResampleAtEdge(ReadOnlySpan<float> source, Span<float> destination, int at, double fromY, double fromX)
    {
        var (top, left) = ((int)Math.Floor(fromY), (int)Math.Floor(fromX));
        var (down, right) = ((float)(fromY - top), (float)(fromX - left));
        var (row, nextRow, column, nextColumn) = (Inside(top, height), Inside(top + 1, height), Inside(left, width), Inside(left + 1, width));
        var plane = height * width;
        for (var start = 0; start < source.Length; start += plane, at += plane)
        {
            var channel = source.Slice(start, plane);
            var upper = Mix(Pixel(channel, row, column), Pixel(channel, row, nextColumn), right);
            var lower = Mix(Pixel(channel, nextRow, column), Pixel(channel, nextRow, nextColumn), right);
            destination[at] = Mix(upper, lower, down);
        }
    }

    private static float Mix(float a, float b, float share) => a + (share * (b - a));

    private float Pixel(ReadOnlySpan<float> channel, int row, int column) => row < 0 || column < 0 ? 0 : channel[(row * width) + column];

    /// <summary>The row or column that stands in for one outside; −1 for none.</summary>
    private int Inside(int at, int size)
    {
        if ((uint)at < (uint)size)
            return at;
        switch (edge)
        {
            case PadMode.Constant:
                return -1;
            case PadMode.Reflect when size > 1:
                // Back and forth with a period of 2·(size − 1), for images smaller than what is moved.
                var period = 2 * (size - 1);
                at = ((at % period) + period) % period;
                return Math.Min(at, period - at);
            default:
                return Math.Clamp(at, 0, size - 1);
        }
    }
}
