using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Glia.Kernels;

/// <summary>
/// A tile of 6 rows by two vectors, for instruction sets with 16 vector registers, for the edges of larger tiles, and for
/// small products whose A is read in place with any strides.
/// </summary>
internal readonly unsafe struct MicroKernel6<S, V, T> : IMicroKernel<T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged
{
    public static int Rows => 6;

    public static int Columns => 2 * S.Count;

    public static int ColumnsInPlace => 512;

    public static void Run(nint k, T* a, T* b, T* c, nint ldc, int rows, int columns, bool accumulate)
        => RunStrided(k, a, 1, Rows, b, Columns, c, ldc, rows, columns, accumulate);

    public static void RunInPlace(nint k, T* a, nint rowStride, nint stepStride, T* b, T* c, nint ldc, int rows, int columns, bool accumulate)
        => RunStrided(k, a, rowStride, stepStride, b, Columns, c, ldc, rows, columns, accumulate);

    /// <summary>
    /// C[rows, columns] = A·B (+ C), where element (i, p) of A is <c>a[i * rowStride + p * stepStride]</c> and (p, j) of B <c>b[p * ldb + j]</c>;
    /// 1 to 6 rows, 1 to two vectors of columns. Nothing outside is read or written.
    /// </summary>
    public static void RunStrided(
        nint k, T* a, nint rowStride, nint stepStride, T* b, nint ldb, T* c, nint ldc, int rows, int columns, bool accumulate)
    {
        Run<EvenRows>(k, a, rowStride, stepStride, b, ldb, null, c, ldc, rows, columns, accumulate);
    }

    public static void RunScattered(nint k, T* a, T* b, nint* offsets, T* c, nint ldc, int rows, int columns, bool accumulate)
        => RunScattered(k, a, Rows, b, offsets, c, ldc, rows, columns, accumulate);

    /// <summary>The same for a panel of A whose steps are <paramref name="stepStride"/> apart, with row p of B at <c>b + offsets[p]</c>.</summary>
    public static void RunScattered(
        nint k, T* a, nint stepStride, T* b, nint* offsets, T* c, nint ldc, int rows, int columns, bool accumulate)
    {
        Run<ScatteredRows>(k, a, 1, stepStride, b, 0, offsets, c, ldc, rows, columns, accumulate);
    }

    private static void Run<R>(
        nint k, T* a, nint rowStride, nint stepStride, T* b, nint ldb, nint* offsets, T* c, nint ldc, int rows, int columns, bool accumulate)
        where R : struct
    {
        if (rows <= 4)
            Run<R, FourRows>(k, a, rowStride, stepStride, b, ldb, offsets, c, ldc, rows, columns, accumulate);
        else
            Run<R, SixRows>(k, a, rowStride, stepStride, b, ldb, offsets, c, ldc, rows, columns, accumulate);
    }

    private static void Run<R, H>(
        nint k, T* a, nint rowStride, nint stepStride, T* b, nint ldb, nint* offsets, T* c, nint ldc, int rows, int columns, bool accumulate)
        where R : struct
        where H : struct
    {
        if (columns == Columns)
            Run<R, H, BothVectors>(k, a, rowStride, stepStride, b, ldb, offsets, c, ldc, rows, columns, accumulate);
        else if (columns > S.Count)
            Run<R, H, SecondMasked>(k, a, rowStride, stepStride, b, ldb, offsets, c, ldc, rows, columns, accumulate);
        else
            Run<R, H, FirstMasked>(k, a, rowStride, stepStride, b, ldb, offsets, c, ldc, rows, columns, accumulate);
    }

    private static void Run<R, H, W>(
        nint k, T* a, nint rowStride, nint stepStride, T* b, nint ldb, nint* offsets, T* c, nint ldc, int rows, int columns, bool accumulate)
        where R : struct
        where H : struct
        where W : struct
    {
        var zero = default(V);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        V c40 = zero, c41 = zero;
        V c50 = zero, c51 = zero;
        // Rows beyond the last repeat the first; their sums are dropped.
        var a1 = rows > 1 ? a + rowStride : a;
        var a2 = rows > 2 ? a + 2 * rowStride : a;
        var a3 = rows > 3 ? a + 3 * rowStride : a;
        var a4 = rows > 4 ? a + 4 * rowStride : a;
        var a5 = rows > 5 ? a + 5 * rowStride : a;
        // What is written at the end is fetched meanwhile: rows of C are far apart, which no processor foresees.
        if (Sse.IsSupported && typeof(H) == typeof(SixRows))
        {
            Sse.Prefetch0(c);
            Sse.Prefetch0(c + ldc);
            Sse.Prefetch0(c + 2 * ldc);
            Sse.Prefetch0(c + 3 * ldc);
            Sse.Prefetch0(c + 4 * ldc);
            Sse.Prefetch0(c + 5 * ldc);
        }
        var mask = S.Mask(typeof(W) == typeof(FirstMasked) ? columns : columns - S.Count);
        for (nint p = 0; k > 0; k--, p += stepStride)
        {
            var row = b;
            if (typeof(R) == typeof(ScatteredRows))
                row += *offsets++;
            else
                b += ldb;
            var b0 = typeof(W) == typeof(FirstMasked) ? S.LoadMasked(row, mask) : S.Load(row);
            var b1 = zero;
            if (typeof(W) == typeof(BothVectors))
                b1 = S.Load(row + S.Count);
            else if (typeof(W) == typeof(SecondMasked))
                b1 = S.LoadMasked(row + S.Count, mask);
            var x = S.Broadcast(a[p]);
            c00 = S.MultiplyAdd(x, b0, c00);
            if (typeof(W) != typeof(FirstMasked))
                c01 = S.MultiplyAdd(x, b1, c01);
            x = S.Broadcast(a1[p]);
            c10 = S.MultiplyAdd(x, b0, c10);
            if (typeof(W) != typeof(FirstMasked))
                c11 = S.MultiplyAdd(x, b1, c11);
            x = S.Broadcast(a2[p]);
            c20 = S.MultiplyAdd(x, b0, c20);
            if (typeof(W) != typeof(FirstMasked))
                c21 = S.MultiplyAdd(x, b1, c21);
            x = S.Broadcast(a3[p]);
            c30 = S.MultiplyAdd(x, b0, c30);
            if (typeof(W) != typeof(FirstMasked))
                c31 = S.MultiplyAdd(x, b1, c31);
            if (typeof(H) == typeof(FourRows))
                continue;
            x = S.Broadcast(a4[p]);
            c40 = S.MultiplyAdd(x, b0, c40);
            if (typeof(W) != typeof(FirstMasked))
                c41 = S.MultiplyAdd(x, b1, c41);
            x = S.Broadcast(a5[p]);
            c50 = S.MultiplyAdd(x, b0, c50);
            if (typeof(W) != typeof(FirstMasked))
                c51 = S.MultiplyAdd(x, b1, c51);
        }
        StoreRow<W>(c, c00, c01, mask, accumulate);
        if (rows > 1)
            StoreRow<W>(c + ldc, c10, c11, mask, accumulate);
        if (rows > 2)
            StoreRow<W>(c + 2 * ldc, c20, c21, mask, accumulate);
        if (rows > 3)
            StoreRow<W>(c + 3 * ldc, c30, c31, mask, accumulate);
        if (rows > 4)
            StoreRow<W>(c + 4 * ldc, c40, c41, mask, accumulate);
        if (rows > 5)
            StoreRow<W>(c + 5 * ldc, c50, c51, mask, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<W>(T* c, V v0, V v1, V mask, bool accumulate)
        where W : struct
    {
        if (typeof(W) == typeof(FirstMasked))
        {
            if (accumulate)
                v0 = S.Add(S.LoadMasked(c, mask), v0);
            S.StoreMasked(c, mask, v0);
            return;
        }
        var next = c + S.Count;
        if (accumulate)
        {
            v0 = S.Add(S.Load(c), v0);
            v1 = S.Add(typeof(W) == typeof(BothVectors) ? S.Load(next) : S.LoadMasked(next, mask), v1);
        }
        S.Store(c, v0);
        if (typeof(W) == typeof(BothVectors))
            S.Store(next, v1);
        else
            S.StoreMasked(next, mask, v1);
    }

    // How many rows are computed and which vectors of columns are whole, chosen while compiling.
    private readonly struct SixRows;

    private readonly struct FourRows;

    private readonly struct BothVectors;

    private readonly struct SecondMasked;

    private readonly struct FirstMasked;
}
