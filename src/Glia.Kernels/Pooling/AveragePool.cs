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
        var pairs = MaxPool<S, V, T>.IsTwoByTwo(g);
        var (outDepth, outHeight, outWidth) = (g.OutDepth, g.OutHeight, g.OutWidth);
        for (var d = 0; d < outDepth; d++)
        {
            var depth = new WindowTaps(g.Depth, d);
            for (var h = 0; h < outHeight; h++, y += outWidth)
            {
                var height = new WindowTaps(g.Height, h);
                var first = pairs && height.Count == 2 ? PairRow(g, x, height.Element, y) : 0;
                for (var w = first; w < outWidth; w++)
                {
                    var width = new WindowTaps(g.Width, w);
                    var sum = Sum(g, x, depth, height, width);
                    y[w] = sum * Weight(g, countPadding, (d, h, w), depth.Count, height.Count, width.Count);
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

    // Whole vectors of 2 × 2 windows in rows `row` and `row` + 1; returns how many windows are done.
    private static int PairRow(in PoolGeometry g, T* x, int row, T* y)
    {
        var upper = x + (nint)row * g.Width.In;
        var lower = upper + g.Width.In;
        var quarter = S.Broadcast(T.One / T.CreateTruncating(4));
        var done = 0;
        for (; 2 * (done + S.Count) <= g.Width.In; done += S.Count)
        {
            var first = S.Add(S.Load(upper + 2 * done), S.Load(lower + 2 * done));
            var second = S.Add(S.Load(upper + 2 * done + S.Count), S.Load(lower + 2 * done + S.Count));
            S.Store(y + done, S.Multiply(quarter, S.Add(S.Even(first, second), S.Odd(first, second))));
        }
        return done;
    }
}
