using System.Numerics;

namespace Glia.Kernels;

/// <summary>The largest number of each window of a plane.</summary>
internal static unsafe class MaxPool<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Distances within a window travel as floats and must be exact.</summary>
    public const int LargestExact = 1 << 22;

    public static void Plane(in PoolGeometry g, T* x, T* y, int* argmax)
    {
        var (outDepth, outHeight, outWidth) = (g.OutDepth, g.OutHeight, g.OutWidth);
        var (first, end) = g.InPlane <= LargestExact ? WindowRow<S, V, T>.Interior(g.Width, outWidth) : (0, 0);
        var starts = Starts(g.Width.Stride);
        for (var d = 0; d < outDepth; d++)
        {
            var depth = new WindowTaps(g.Depth, d);
            for (var h = 0; h < outHeight; h++, y += outWidth, argmax += outWidth)
            {
                var height = new WindowTaps(g.Height, h);
                var inside = depth.Count > 0 && height.Count > 0 ? end : first;
                for (var w = 0; w < first; w++)
                    Window(g, x, depth, height, new WindowTaps(g.Width, w), y + w, argmax + w);
                for (var w = first; w < inside; w += S.Count)
                    Windows(g, x, depth, height, w * g.Width.Stride - g.Width.PadBefore, inside - w, starts, y + w, argmax + w);
                for (var w = inside; w < outWidth; w++)
                    Window(g, x, depth, height, new WindowTaps(g.Width, w), y + w, argmax + w);
            }
        }
    }

    private static void Window(in PoolGeometry g, T* x, in WindowTaps depth, in WindowTaps height, in WindowTaps width, T* y, int* argmax)
    {
        var best = T.NegativeInfinity;
        var bestIndex = -1;
        for (var d = 0; d < depth.Count; d++)
        {
            for (var h = 0; h < height.Count; h++)
            {
                var row = (depth.Element + d * g.Depth.Dilation) * g.Height.In + height.Element + h * g.Height.Dilation;
                var index = row * g.Width.In + width.Element;
                for (var w = 0; w < width.Count; w++, index += g.Width.Dilation)
                {
                    var value = x[index];
                    if (value > best || T.IsNaN(value) || bestIndex < 0)
                        (best, bestIndex) = (value, index);
                }
            }
        }
        *y = best;
        *argmax = bestIndex;
    }

    // A vector of windows, the first of which starts at `element` of its row.
    private static void Windows(
        in PoolGeometry g, T* x, in WindowTaps depth, in WindowTaps height, int element, int windows, V starts, T* y, int* argmax)
    {
        var stride = g.Width.Stride;
        var index = (depth.Element * g.Height.In + height.Element) * g.Width.In + element;
        var more = windows > S.Count;
        var low = WindowRow<S, V, T>.LowMask(stride, windows);
        var high = WindowRow<S, V, T>.HighMask(stride, windows);
        var best = WindowRow<S, V, T>.Load(x + index, stride, more, low, high);
        var distance = default(V);
        for (var d = 0; d < depth.Count; d++)
        {
            for (var h = 0; h < height.Count; h++)
            {
                var tap = (d * g.Depth.Dilation * g.Height.In + h * g.Height.Dilation) * g.Width.In;
                for (var w = 0; w < g.Width.Kernel; w++, tap += g.Width.Dilation)
                {
                    var value = WindowRow<S, V, T>.Load(x + index + tap, stride, more, low, high);
                    // A NaN already found stays unless another follows, because nothing compares above it.
                    var better = S.GreaterOrNaN(value, best);
                    best = S.Select(better, value, best);
                    distance = S.Select(better, S.Broadcast(T.CreateTruncating(tap)), distance);
                }
            }
        }
        WindowRow<S, V, T>.Store(y, best, windows);
        var indices = S.Add(S.Add(distance, starts), S.Broadcast(T.CreateTruncating(index)));
        if (windows >= S.Count)
        {
            S.StoreWhole(argmax, indices);
            return;
        }
        var all = stackalloc int[S.Count];
        S.StoreWhole(all, indices);
        new ReadOnlySpan<int>(all, windows).CopyTo(new Span<int>(argmax, windows));
    }

    /// <summary>How far from the first of a vector's windows each begins.</summary>
    public static V Starts(int stride)
    {
        var starts = stackalloc T[S.Count];
        for (var i = 0; i < S.Count; i++)
            starts[i] = T.CreateTruncating(i * stride);
        return S.Load(starts);
    }
}
