using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>Products of row-major matrices.</summary>
internal static unsafe class Gemm
{
    // Below these the copy into panels costs more than it saves.
    private const long DirectVolume = 64 * 64 * 64;
    private const int ThinRows = 6;
    private const int ThinDots = 12;

    /// <summary>
    /// C[m, n] = op(A)[m, k]·op(B)[k, n], or added to C when <paramref name="accumulate"/>; op transposes when asked.
    /// <paramref name="lda"/>, <paramref name="ldb"/> and <paramref name="ldc"/> are the distances between stored rows.
    /// With k = 0 the product is zero. The result does not depend on the number of threads.
    /// </summary>
    /// <exception cref="ArgumentException">A size is negative, or a span is too short for its sizes.</exception>
    public static void Multiply<T>(
        bool transposeA, bool transposeB, int m, int n, int k,
        ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if ((m | n | k) < 0)
            throw new ArgumentException($"The sizes of a product must not be negative; got m {m}, n {n}, k {k}.");
        Check(nameof(a), transposeA ? k : m, transposeA ? m : k, lda, a.Length);
        Check(nameof(b), transposeB ? n : k, transposeB ? k : n, ldb, b.Length);
        Check(nameof(c), m, n, ldc, c.Length);
        fixed (T* pa = a, pb = b, pc = c)
        {
            var problem = new GemmProblem<T>
            {
                M = m,
                N = n,
                K = k,
                A = pa,
                B = pb,
                C = pc,
                ARow = transposeA ? 1 : lda,
                AColumn = transposeA ? lda : 1,
                BRow = transposeB ? 1 : ldb,
                BColumn = transposeB ? ldb : 1,
                CRow = ldc,
                Accumulate = accumulate,
            };
            Multiply(problem);
        }
    }

    /// <summary>The same for pointers.</summary>
    public static void Multiply<T>(in GemmProblem<T> g)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.M == 0 || g.N == 0)
            return;
        if (g.K == 0)
        {
            for (var i = 0; i < g.M && !g.Accumulate; i++)
                new Span<T>(g.C + i * g.CRow, g.N).Clear();
            return;
        }
        switch (IsaSupport.Current)
        {
            case Isa.Avx512:
                Run<Simd512<T>, Vector512<T>, MicroKernel12<Simd512<T>, Vector512<T>, T>, T>(g);
                break;
            case Isa.Avx2:
                Run<Simd256<T>, Vector256<T>, MicroKernel6<Simd256<T>, Vector256<T>, T>, T>(g);
                break;
            case Isa.Neon:
                Run<Simd128<T>, Vector128<T>, MicroKernel12<Simd128<T>, Vector128<T>, T>, T>(g);
                break;
            default:
                Run<SimdScalar<T>, T, MicroKernel6<SimdScalar<T>, T, T>, T>(g);
                break;
        }
    }

    private static void Run<S, V, TKernel, T>(in GemmProblem<T> g)
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where TKernel : struct, IMicroKernel<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (g.M == 1 && g.BColumn == 1)
            VectorProducts<S, V, T>.RowTimesMatrix(g.N, g.K, g.A, g.AColumn, g.B, g.BRow, g.C, g.Accumulate);
        else if (g.N == 1 && g.ARow == 1 && g.CRow == 1)
            VectorProducts<S, V, T>.RowTimesMatrix(g.M, g.K, g.B, g.BRow, g.A, g.AColumn, g.C, g.Accumulate);
        else if (g.M == 1 || (g.AColumn == 1 && g.BRow == 1 && Math.Min(g.M, g.N) <= ThinDots) || (g.N == 1 && g.AColumn == 1))
            Dots<S, V, T>(g);
        else if (g.BColumn == 1 && (g.M <= ThinRows || g.Volume <= DirectVolume))
            Direct<S, V, T>(g);
        else
            PackedGemm<TKernel, T>.Multiply(g);
    }

    // Rows of A against rows of Bᵀ; a single strided row or column is gathered first.
    private static void Dots<S, V, T>(in GemmProblem<T> g)
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var a = g.M == 1 ? Contiguous(g.A, g.AColumn, g.K) : g.A;
        var b = g.N == 1 ? Contiguous(g.B, g.BRow, g.K) : g.B;
        // The longer side goes to the kernel's wide axis.
        if (g.M <= g.N)
            VectorProducts<S, V, T>.DotRows(g.M, g.N, g.K, a, g.ARow, b, g.BColumn, g.C, g.CRow, 1, g.Accumulate);
        else
            VectorProducts<S, V, T>.DotRows(g.N, g.M, g.K, b, g.BColumn, a, g.ARow, g.C, 1, g.CRow, g.Accumulate);
    }

    private static T* Contiguous<T>(T* source, nint stride, int count)
        where T : unmanaged
    {
        if (stride == 1)
            return source;
        var copy = Scratch.Get<T>(Scratch.Slot.Vector, count);
        for (nint i = 0; i < count; i++)
            copy[i] = source[i * stride];
        return copy;
    }

    // A and B are read where they lie.
    private static void Direct<S, V, T>(in GemmProblem<T> g)
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where T : unmanaged
    {
        for (var j = 0; j < g.N; j += 2 * S.Count)
        {
            var columns = Math.Min(2 * S.Count, g.N - j);
            for (var i = 0; i < g.M; i += 6)
            {
                MicroKernel6<S, V, T>.RunStrided(
                    g.K, g.A + i * g.ARow, g.ARow, g.AColumn, g.B + j, g.BRow, g.C + i * g.CRow + j, g.CRow,
                    Math.Min(6, g.M - i), columns, g.Accumulate);
            }
        }
    }

    private static void Check(string name, int rows, int columns, int stride, int length)
    {
        if (rows == 0 || columns == 0)
            return;
        if (stride < columns)
            throw new ArgumentException($"Matrix {name} has {columns} columns but its rows are only {stride} apart.");
        var needed = (long)(rows - 1) * stride + columns;
        if (length < needed)
            throw new ArgumentException($"Matrix {name} needs {needed} numbers for {rows} rows {stride} apart and {columns} columns; the span has {length}.");
    }
}
