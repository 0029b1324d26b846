using System.Buffers;

namespace Glia.Data;

/// <summary>Resizing with a triangle filter: bilinear interpolation when enlarging, widened to cover all pixels when shrinking.</summary>
internal static class BilinearResize
{
    /// <summary>Resizes one channel of interleaved bytes to floats in [0, 1].</summary>
    /// <param name="source">The pixels, one every <paramref name="stride"/> bytes.</param>
    /// <param name="stride">Bytes from one pixel to the next.</param>
    /// <param name="sourceHeight">Rows of the source.</param>
    /// <param name="sourceWidth">Columns of the source.</param>
    /// <param name="destination">height × width.</param>
    /// <param name="height">Rows wanted.</param>
    /// <param name="width">Columns wanted.</param>
    public static void Run(
        ReadOnlySpan<byte> source, int stride, int sourceHeight, int sourceWidth, Span<float> destination, int height, int width)
    {
        var rented = ArrayPool<float>.Shared.Rent(checked(sourceHeight * width));
        var rows = rented.AsSpan(0, sourceHeight * width);
        if (width == sourceWidth)
        {
            for (var i = 0; i < rows.Length; i++)
                rows[i] = source[i * stride] / 255f;
        }
        else
        {
            var columnTaps = Taps(sourceWidth, width);
            for (var y = 0; y < sourceHeight; y++)
            {
                var line = source[(y * sourceWidth * stride)..];
                for (var x = 0; x < width; x++)
                {
                    var (first, weights) = columnTaps[x];
                    var sum = 0f;
                    for (var k = 0; k < weights.Length; k++)
                        sum += weights[k] * line[(first + k) * stride];
                    rows[y * width + x] = sum / 255f;
                }
            }
        }

        if (height == sourceHeight)
            rows.CopyTo(destination);
        else
            ResizeRows(rows, Taps(sourceHeight, height), destination, width);
        ArrayPool<float>.Shared.Return(rented);
    }

    private static void ResizeRows(ReadOnlySpan<float> rows, (int First, float[] Weights)[] taps, Span<float> destination, int width)
    {
        destination.Clear();
        for (var y = 0; y < taps.Length; y++)
        {
            var (first, weights) = taps[y];
            for (var k = 0; k < weights.Length; k++)
            {
                for (var x = 0; x < width; x++)
                    destination[y * width + x] += weights[k] * rows[(first + k) * width + x];
            }
        }
    }

    // For each wanted pixel the source pixels under the triangle around its centre, and their weights, which add up to 1.
    private static (int First, float[] Weights)[] Taps(int source, int wanted)
    {
        var scale = (double)source / wanted;
        var reach = Math.Max(1, scale);
        var taps = new (int, float[])[wanted];
        for (var i = 0; i < wanted; i++)
        {
            var centre = (i + 0.5) * scale;
            var first = Math.Max(0, (int)Math.Floor(centre - reach + 0.5));
            var end = Math.Min(source, (int)Math.Floor(centre + reach + 0.5));
            var weights = new double[end - first];
            for (var k = 0; k < weights.Length; k++)
                weights[k] = Math.Max(0, 1 - Math.Abs(first + k + 0.5 - centre) / reach);
            var sum = weights.Sum();
            taps[i] = (first, Array.ConvertAll(weights, weight => (float)(weight / sum)));
        }

        return taps;
    }
}
