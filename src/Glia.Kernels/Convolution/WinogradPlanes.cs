using System.Numerics;

namespace Glia.Kernels;

/// <summary>Planes cut into tiles of 4 × 4 windows: the rows of tiles of all images are counted through. Nothing outside a plane is read; it counts as zero.</summary>
internal unsafe struct WinogradPlanes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Data;
    public int Channels, Height, Width;

    /// <summary>Rows and columns before the plane that the first tile has.</summary>
    public int BeforeH, BeforeW;

    /// <summary>Tiles of an image.</summary>
    public int TilesH, TilesW;

    public readonly nint Plane => (nint)Height * Width;

    /// <summary>
    /// Frequencies of some rows of tiles, for <paramref name="channels"/> channels from <paramref name="firstChannel"/> on: number (f, tile, channel) goes to target[f · stride + tile · ld + channel]. A tile is 6 × 6 numbers with 2 in common with its
    /// neighbours, or 4 × 4 <paramref name="gradient"/>s.
    /// </summary>
    public readonly void Transform<S, V>(bool gradient, int firstRow, int rows, int firstChannel, int channels, T* target, nint ld, nint stride)
        where S : struct, ISimd<V, T>
        where V : unmanaged
    {
        const int Step = WinogradTransform<S, V, T>.Outputs;
        var overlap = gradient ? 0 : WinogradTransform<S, V, T>.Points - Step;
        var columns = TilesW * Step + overlap;
        var lanes = Lanes<S, V>();
        nint rowStride = columns * lanes;
        var strip = Scratch.Get<T>(Scratch.Slot.Block, (Step + overlap) * (long)rowStride);
        var room = Scratch.Get<T>(Scratch.Slot.TileValues, WinogradTransform<S, V, T>.Room);
        for (var channel = 0; channel < channels; channel += lanes)
        {
            var to = target + channel;
            var end = firstRow + rows;
            for (var row = firstRow; row < end; row++)
            {
                var (image, y) = (row / TilesH, row % TilesH * Step);
                // The last rows of a row of tiles are the first of the next.
                var kept = row > firstRow && y > 0 ? overlap : 0;
                new ReadOnlySpan<T>(strip + Step * rowStride, (int)(kept * rowStride)).CopyTo(new Span<T>(strip, (int)(kept * rowStride)));
                var source = Data + ((nint)image * Channels + firstChannel + channel) * Plane;
                Fill(source, Math.Min(lanes, channels - channel), lanes, y + kept - BeforeH, Step + overlap - kept, columns, strip + kept * rowStride);
                for (var w = 0; w < TilesW; w++, to += ld)
                {
                    var tile = strip + w * Step * lanes;
                    for (var v = 0; v < lanes && v < channels - channel; v += S.Count)
                    {
                        if (gradient)
                            WinogradTransform<S, V, T>.Gradient(tile + v, lanes, rowStride, room, to + v, stride);
                        else
                            WinogradTransform<S, V, T>.Input(tile + v, lanes, rowStride, room, to + v, stride);
                    }
                }
            }
        }
    }

    // Some channels side by side, with the zeros around the planes.
    private readonly void Fill(T* source, int channels, int lanes, int firstY, int rows, int columns, T* strip)
    {
        var head = Math.Min(BeforeW, columns);
        var from = Math.Max(-BeforeW, 0);
        head = Math.Max(head, 0);
        var inside = Math.Clamp(Width - from, 0, columns - head);
        for (var y = firstY; y < firstY + rows; y++, strip += (nint)columns * lanes)
        {
            if ((uint)y >= (uint)Height)
            {
                new Span<T>(strip, columns * lanes).Clear();
                continue;
            }
            new Span<T>(strip, head * lanes).Clear();
            if (inside > 0)
                Panel.Pack(source + (nint)y * Width + from, Plane, 1, channels, lanes, inside, strip + head * lanes);
            new Span<T>(strip + (nint)(head + inside) * lanes, (columns - head - inside) * lanes).Clear();
        }
    }

    /// <summary>
    /// The other way: the 4 × 4 outputs of some rows of tiles from their frequencies, for <paramref name="channels"/> channels from <paramref name="firstChannel"/> on.
    /// What a tile has beyond the plane is dropped.
    /// </summary>
    public readonly void Write<S, V>(T* source, nint ld, nint stride, int firstRow, int rows, int firstChannel, int channels)
        where S : struct, ISimd<V, T>
        where V : unmanaged
    {
        const int Step = WinogradTransform<S, V, T>.Outputs;
        var lanes = Lanes<S, V>();
        nint rowStride = TilesW * Step * lanes;
        var strip = Scratch.Get<T>(Scratch.Slot.Block, Step * (long)rowStride);
        var room = Scratch.Get<T>(Scratch.Slot.TileValues, WinogradTransform<S, V, T>.Room);
        for (var channel = 0; channel < channels; channel += lanes)
        {
            var from = source + channel;
            var count = Math.Min(lanes, channels - channel);
            for (var row = firstRow; row < firstRow + rows; row++)
            {
                var y = row % TilesH * Step;
                for (var w = 0; w < TilesW; w++, from += ld)
                {
                    for (var v = 0; v < count; v += S.Count)
                        WinogradTransform<S, V, T>.Output(from + v, stride, room, strip + w * Step * lanes + v, lanes, rowStride);
                }
                var to = Data + ((nint)(row / TilesH) * Channels + firstChannel + channel) * Plane + (nint)y * Width;
                for (var r = 0; r < Math.Min(Step, Height - y); r++)
                    Panel.TransposeRows(strip + r * rowStride, lanes, Width, Plane, count, to + (nint)r * Width);
            }
        }
    }

    // Channels at a time: a cache line of them, so that a line of frequencies is written once.
    private static int Lanes<S, V>()
        where S : struct, ISimd<V, T>
        where V : unmanaged
        => Math.Max(S.Count, 64 / sizeof(T));
}
