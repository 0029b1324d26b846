using System.Numerics;

namespace Glia.Kernels;

/// <summary>The gradient of the largest (or smallest) elements of x[outer, count, inner] along its middle axis.</summary>
internal static unsafe class Extremes
{
    private const int WorkPerItem = 1 << 15;

    /// <summary>dx = dy / n where x equals y, the extreme that n elements attain, and 0 elsewhere; NaN where y is.</summary>
    public static void Backward<T>(int outer, int count, int inner, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (dx.IsEmpty)
            return;
        fixed (T* px = x, py = y, pdy = dy, pdx = dx)
        {
            var job = new Job<T> { Outer = outer, Count = count, Inner = inner, X = px, Y = py, Dy = pdy, Dx = pdx };
            job.PerItem = (int)Math.Clamp(WorkPerItem / ((long)count * inner), 1, outer);
            WorkerPool.For((outer + job.PerItem - 1) / job.PerItem, ref job);
        }
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public int Outer, Count, Inner, PerItem;
        public T* X, Y, Dy, Dx;

        public readonly void Run(int index)
        {
            for (var o = index * PerItem; o < Math.Min(Outer, (index + 1) * PerItem); o++)
            {
                var at = (long)o * Count * Inner;
                if (Inner == 1)
                    Row(X + at, Y[o], Dy[o], Dx + at);
                else
                    Columns(X + at, Y + (long)o * Inner, Dy + (long)o * Inner, Dx + at);
            }
        }

        private readonly void Row(T* x, T y, T dy, T* dx)
        {
            var (width, extreme, sum, i) = (Vector<T>.Count, new Vector<T>(y), Vector<T>.Zero, 0);
            for (; i + width <= Count; i += width)
                sum += Vector.ConditionalSelect(Vector.Equals(Vector.Load(x + i), extreme), Vector<T>.One, Vector<T>.Zero);
            var attaining = Vector.Sum(sum);
            for (; i < Count; i++)
                attaining += x[i] == y ? T.One : T.Zero;
            var share = T.One / attaining * dy;
            // Not simply 0: with a NaN in the row none attains it, and it shows.
            var (given, other) = (new Vector<T>(share), new Vector<T>(T.Zero / attaining * dy));
            for (i = 0; i + width <= Count; i += width)
                Vector.Store(Vector.ConditionalSelect(Vector.Equals(Vector.Load(x + i), extreme), given, other), dx + i);
            for (; i < Count; i++)
                dx[i] = x[i] == y ? share : other[0];
        }

        private readonly void Columns(T* x, T* y, T* dy, T* dx)
        {
            for (var i = 0; i < Inner; i++)
            {
                var attaining = 0;
                for (var r = 0; r < Count; r++)
                    attaining += x[(long)r * Inner + i] == y[i] ? 1 : 0;
                for (var r = 0; r < Count; r++)
                    dx[(long)r * Inner + i] = (x[(long)r * Inner + i] == y[i] ? T.One : T.Zero) / T.CreateTruncating(attaining) * dy[i];
            }
        }
    }
}
