using System.Numerics;

namespace Glia.Kernels;

/// <summary>The mean of each window of a plane, and its gradient.</summary>
internal static unsafe class AveragePool<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Plane(in PoolGeometry g, bool countPadding, T* x, T* y)
    {
        var (outDepth, outHeight, outWidth) = (g.OutDepth, g.OutHeight, g.OutWidth);
        var (first, end) = WindowRow<S, V, T>.Interior(g.Width, outWidth);
        // A few wide windows are better summed one by one.
        if (end - first < S.Count && g.Width.Kernel >= S.Count)
            end = first;
        for (var d = 0; d < outDepth; d++)
        {
            var depth = new WindowTaps(g.Depth, d);
            for (var h = 0; h < outHeight; h++, y += outWidth)
            {
                var height = new WindowTaps(g.Height, h);
                for (var w = 0; w < outWidth; w++)
                {
                    var width = new WindowTaps(g.Width, w);
                    var weight = Weight(g, countPadding, (d, h, w), depth.Count, height.Count, width.Count);
                    if (w < first || w >= end)
                    {
                        y[w] = weight * Sum(g, x, depth, height, width);
                        continue;
                    }
                    for (; w < end; w += S.Count)
                    {
                        var sums = Sums(g, x, depth, height, w * g.Width.Stride - g.Width.PadBefore, end - w);
                        WindowRow<S, V, T>.Store(y + w, S.Multiply(S.Broadcast(weight), sums), end - w);
                    }
                    w = end - 1;
                }
            }
        }
    }

    public static void PlaneGradient(in PoolGeometry g, bool countPadding, T* dy, T* dx)
    {
        new Span<T>(dx, (int)g.InPlane).Clear();
        var (outDepth, outHeight, outWidth) = (g.OutDepth, g.OutHeight, g.OutWidth);
        for (var d = 0; d < outDepth; d++)
        {
            var depth = new WindowTaps(g.Depth, d);
            for (var h = 0; h < outHeight; h++, dy += outWidth)
            {
                var height = new WindowTaps(g.Height, h);
                for (var w = 0; w < outWidth; w++)
                {
                    var width = new WindowTaps(g.Width, w);
                    var share = dy[w] * Weight(g, countPadding, (d, h, w), depth.Count, height.Count, width.Count);
                    Spread(g, share, dx, depth, height, width);
                }
            }
        }
    }

    // 1 / divisor; 0 for a window without real elements.
    private static T Weight(in PoolGeometry g, bool countPadding, (int D, int H, int W) at, int depth, int height, int width)
    {
        var real = (long)depth * height * width;
        if (real == 0)
            return T.Zero;
        var size = countPadding
            ? (long)WindowTaps.CountPadded(g.Depth, at.D) * WindowTaps.CountPadded(g.Height, at.H) * WindowTaps.CountPadded(g.Width, at.W)
            : real;
        return T.One / T.CreateTruncating(size);
    }

    private static T Sum(in PoolGeometry g, T* x, in WindowTaps depth, in WindowTaps height, in WindowTaps width)
    {
        var sum = T.Zero;
        for (var d = 0; d < depth.Count; d++)
        {
            for (var h = 0; h < height.Count; h++)
            {
                var row = x + ((nint)(depth.Element + d * g.Depth.Dilation) * g.Height.In + height.Element + h * g.Height.Dilation) * g.Width.In;
                sum += SumRow(row + width.Element, width.Count, g.Width.Dilation);
            }
        }
        return sum;
    }

    private static T SumRow(T* row, int count, nint step)
    {
        nint i = 0;
        var sum = T.Zero;
        if (step == 1 && count >= S.Count && S.Count > 1)
        {
            var sums = S.Load(row);
            for (i = S.Count; i + S.Count <= count; i += S.Count)
                sums = S.Add(sums, S.Load(row + i));
            sum = S.Sum(sums);
        }
        for (; i < count; i++)
            sum += row[i * step];
        return sum;
    }

    private static void Spread(in PoolGeometry g, T share, T* dx, in WindowTaps depth, in WindowTaps height, in WindowTaps width)
    {
        nint step = g.Width.Dilation;
        for (var d = 0; d < depth.Count; d++)
        {
            for (var h = 0; h < height.Count; h++)
            {
                var row = dx + ((nint)(depth.Element + d * g.Depth.Dilation) * g.Height.In + height.Element + h * g.Height.Dilation) * g.Width.In;
                row += width.Element;
                for (nint w = 0; w < width.Count; w++)
                    row[w * step] += share;
            }
        }
    }

    // A vector of windows, the first of which starts at `element` of its row.
    private static V Sums(in PoolGeometry g, T* x, in WindowTaps depth, in WindowTaps height, int element, int windows)
    {
        var sums = default(V);
        for (var d = 0; d < depth.Count; d++)
        {
            for (var h = 0; h < height.Count; h++)
            {
                var row = x + ((nint)(depth.Element + d * g.Depth.Dilation) * g.Height.In + height.Element + h * g.Height.Dilation) * g.Width.In;
                row += element;
                for (var w = 0; w < g.Width.Kernel; w++, row += g.Width.Dilation)
                    sums = S.Add(sums, WindowRow<S, V, T>.Load(row, g.Width.Stride, windows));
            }
        }
        return sums;
    }
}
