using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>Maximum and average over sliding windows of one to three axes, with their gradients. Planes are independent of each other.</summary>
internal static unsafe class Pooling
{
    private const long PieceNumbers = 1 << 14;

    /// <summary>
    /// y = the largest number of each window, <paramref name="argmax"/> = its index inside the plane, the first of equals. Padding counts as
    /// −∞; NaN wins (the last one). A window that meets only padding gives −∞ and index −1.
    /// </summary>
    /// <exception cref="ArgumentException">The geometry is impossible or a span too short for it.</exception>
    public static void MaxForward<T>(in PoolGeometry g, ReadOnlySpan<T> x, Span<T> y, Span<int> argmax)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(x.Length, Math.Min(y.Length, argmax.Length));
        fixed (T* px = x, py = y)
        fixed (int* index = argmax)
            Dispatch(new PoolJob<T> { Kind = PoolKind.Max, G = g, X = px, Y = py, Index = index });
    }

    /// <summary>The gradient of <see cref="MaxForward"/>: dx[argmax] += dy within each plane, the rest of dx is 0.</summary>
    /// <exception cref="ArgumentException">The geometry is impossible, a span too short for it, or an index outside its plane.</exception>
    public static void Scatter<T>(in PoolGeometry g, ReadOnlySpan<int> argmax, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(dx.Length, Math.Min(dy.Length, argmax.Length));
        fixed (T* px = dx, py = dy)
        fixed (int* index = argmax)
            Dispatch(new PoolJob<T> { Kind = PoolKind.Scatter, G = g, X = px, Y = py, Index = index });
    }

    /// <summary>y = x[argmax] within each plane; 0 where the index is −1.</summary>
    /// <exception cref="ArgumentException">The geometry is impossible, a span too short for it, or an index outside its plane.</exception>
    public static void Gather<T>(in PoolGeometry g, ReadOnlySpan<int> argmax, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(x.Length, Math.Min(y.Length, argmax.Length));
        fixed (T* px = x, py = y)
        fixed (int* index = argmax)
            Dispatch(new PoolJob<T> { Kind = PoolKind.Gather, G = g, X = px, Y = py, Index = index });
    }

    /// <summary>
    /// y = the sum of each window divided by the number of its real elements, or with <paramref name="countIncludePad"/> by its size clipped
    /// to the padded input. A window that meets no real element gives 0.
    /// </summary>
    /// <exception cref="ArgumentException">The geometry is impossible or a span too short for it.</exception>
    public static void AverageForward<T>(in PoolGeometry g, bool countIncludePad, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(x.Length, y.Length);
        fixed (T* px = x, py = y)
            Dispatch(new PoolJob<T> { Kind = PoolKind.Average, G = g, CountPadding = countIncludePad, X = px, Y = py });
    }

    /// <summary>The gradient of <see cref="AverageForward"/>; every element of dx is written.</summary>
    /// <exception cref="ArgumentException">The geometry is impossible or a span too short for it.</exception>
    public static void AverageBackward<T>(in PoolGeometry g, bool countIncludePad, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        g.Validate(dx.Length, dy.Length);
        fixed (T* px = dx, py = dy)
            Dispatch(new PoolJob<T> { Kind = PoolKind.AverageGradient, G = g, CountPadding = countIncludePad, X = px, Y = py });
    }

    private static void Dispatch<T>(PoolJob<T> job)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (job.G.Planes == 0)
            return;
        switch (IsaSupport.Current)
        {
            case Isa.Avx512:
                Run<Simd512<T>, Vector512<T>, T>(job);
                break;
            case Isa.Avx2:
                Run<Simd256<T>, Vector256<T>, T>(job);
                break;
            case Isa.Neon:
                Run<Simd128<T>, Vector128<T>, T>(job);
                break;
            default:
                Run<SimdScalar<T>, T, T>(job);
                break;
        }
    }

    private static void Run<S, V, T>(in PoolJob<T> job)
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var perPiece = (int)Math.Clamp(PieceNumbers / job.G.InPlane, 1, job.G.Planes);
        var pieces = new Pieces<S, V, T> { Job = job, PlanesPerPiece = perPiece, InPlane = (nint)job.G.InPlane, OutPlane = (nint)job.G.OutPlane, Pairs = new(job.G) };
        WorkerPool.For((job.G.Planes - 1) / perPiece + 1, ref pieces);
    }

    private struct Pieces<S, V, T> : IParallelJob
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public PoolJob<T> Job;
        public int PlanesPerPiece;
        public nint InPlane, OutPlane;
        public PairPool<S, V, T> Pairs;

        public readonly void Run(int index)
        {
            var end = (int)Math.Min((long)(index + 1) * PlanesPerPiece, Job.G.Planes);
            for (var plane = index * PlanesPerPiece; plane < end; plane++)
            {
                var x = Job.X + plane * InPlane;
                var y = Job.Y + plane * OutPlane;
                var argmax = Job.Index + plane * OutPlane;
                switch (Job.Kind)
                {
                    case PoolKind.Max when Pairs.Suits:
                        Pairs.Max(end - plane, x, y, argmax);
                        break;
                    case PoolKind.Max:
                        MaxPool<S, V, T>.Plane(Job.G, x, y, argmax);
                        break;
                    case PoolKind.Scatter when Pairs.SuitsScatter && Pairs.TryScatter(end - plane, argmax, y, x):
                        break;
                    case PoolKind.Scatter:
                        Scatter(argmax, y, x);
                        break;
                    case PoolKind.Gather:
                        Gather(argmax, x, y);
                        break;
                    case PoolKind.Average:
                        AveragePool<S, V, T>.Plane(Job.G, Job.CountPadding, x, y);
                        break;
                    default:
                        AveragePool<S, V, T>.PlaneGradient(Job.G, Job.CountPadding, y, x);
                        break;
                }
            }
        }

        private readonly void Scatter(int* argmax, T* dy, T* dx)
        {
            new Span<T>(dx, (int)InPlane).Clear();
            for (nint i = 0; i < OutPlane; i++)
            {
                if (IsInside(argmax[i], InPlane))
                    dx[argmax[i]] += dy[i];
            }
        }

        private readonly void Gather(int* argmax, T* x, T* y)
        {
            for (nint i = 0; i < OutPlane; i++)
                y[i] = IsInside(argmax[i], InPlane) ? x[argmax[i]] : T.Zero;
        }

        private static bool IsInside(int index, long plane)
        {
            if (index < -1 || index >= plane)
                throw new ArgumentException($"Index {index} is outside a plane of {plane} numbers; give the indices that MaxForward returned for this geometry.");
            return index >= 0;
        }
    }
}

internal enum PoolKind
{
    Max,
    Scatter,
    Gather,
    Average,
    AverageGradient,
}

/// <summary>The operands of a pooling: X on the side of the input, Y and Index on that of the windows.</summary>
internal unsafe struct PoolJob<T>
    where T : unmanaged
{
    public PoolKind Kind;
    public PoolGeometry G;
    public bool CountPadding;
    public T* X, Y;
    public int* Index;
}
