using System.Numerics;

namespace Glia.Kernels;

/// <summary>The largest number of each window of a plane.</summary>
internal static unsafe class MaxPool<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Distances between the four numbers of a 2 × 2 window must be exact in float.
    private const int WidestPairs = 1 << 22;

    public static void Plane(in PoolGeometry g, T* x, T* y, int* argmax)
    {
        var pairs = IsTwoByTwo(g) && g.Width.In < WidestPairs;
        var (outDepth, outHeight, outWidth) = (g.OutDepth, g.OutHeight, g.OutWidth);
        for (var d = 0; d < outDepth; d++)
        {
            var depth = new WindowTaps(g.Depth, d);
            for (var h = 0; h < outHeight; h++, y += outWidth, argmax += outWidth)
            {
                var height = new WindowTaps(g.Height, h);
                var first = pairs && height.Count == 2 ? PairRow(g, x, height.Element, y, argmax) : 0;
                for (var w = first; w < outWidth; w++)
                    Window(g, x, depth, height, new WindowTaps(g.Width, w), y + w, argmax + w);
            }
        }
    }

    /// <summary>Windows of 2 × 2 with stride 2 that start at the first element.</summary>
    public static bool IsTwoByTwo(in PoolGeometry g) => g.Depth == WindowAxis.Unit && IsPair(g.Height) && IsPair(g.Width);

    private static bool IsPair(in WindowAxis axis) => axis is { Kernel: 2, Stride: 2, PadBefore: 0, Dilation: 1 };

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
                    {
                        best = value;
                        bestIndex = index;
                    }
                }
            }
        }
        *y = best;
        *argmax = bestIndex;
    }

    // Whole vectors of 2 × 2 windows in rows `row` and `row` + 1; returns how many windows are done.
    private static int PairRow(in PoolGeometry g, T* x, int row, T* y, int* argmax)
    {
        var width = g.Width.In;
        var upper = x + (nint)row * width;
        var lower = upper + width;
        var one = S.Broadcast(T.One);
        var below = S.Broadcast(T.CreateTruncating(width));
        var belowRight = S.Broadcast(T.CreateTruncating(width + 1));
        var steps = stackalloc T[S.Count];
        var done = 0;
        for (; 2 * (done + S.Count) <= width; done += S.Count)
        {
            var (a0, a1) = (S.Load(upper + 2 * done), S.Load(upper + 2 * done + S.Count));
            var (b0, b1) = (S.Load(lower + 2 * done), S.Load(lower + 2 * done + S.Count));
            var best = S.Even(a0, a1);
            var step = default(V);
            Take(S.Odd(a0, a1), one, ref best, ref step);
            Take(S.Even(b0, b1), below, ref best, ref step);
            Take(S.Odd(b0, b1), belowRight, ref best, ref step);
            S.Store(y + done, best);
            S.Store(steps, step);
            var index = row * width + 2 * done;
            for (var i = 0; i < S.Count; i++)
                argmax[done + i] = index + 2 * i + int.CreateTruncating(steps[i]);
        }
        return done;
    }

    // A NaN already found stays, because nothing compares above it.
    private static void Take(V value, V at, ref V best, ref V step)
    {
        var better = S.GreaterOrNaN(value, best);
        best = S.Select(better, value, best);
        step = S.Select(better, at, step);
    }
}
