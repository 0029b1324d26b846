using System.Numerics;

namespace Glia.Kernels;

/// <summary>Products of thin matrices, where reading the matrix once is all the work.</summary>
internal static unsafe class VectorProducts<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y[n] = x[k]·B[k, n] (+ y): adds multiples of B's rows, four at a time. x may be strided.</summary>
    public static void RowTimesMatrix(int n, int k, T* x, nint xStride, T* b, nint ldb, T* y, bool accumulate)
    {
        if (!accumulate)
            new Span<T>(y, n).Clear();
        var whole = n - n % S.Count;
        var mask = S.Mask(n - whole);
        var p = 0;
        for (; p + 4 <= k; p += 4)
        {
            var x0 = S.Broadcast(x[p * xStride]);
            var x1 = S.Broadcast(x[(p + 1) * xStride]);
            var x2 = S.Broadcast(x[(p + 2) * xStride]);
            var x3 = S.Broadcast(x[(p + 3) * xStride]);
            var b0 = b + p * ldb;
            var b1 = b0 + ldb;
            var b2 = b1 + ldb;
            var b3 = b2 + ldb;
            nint j = 0;
            for (; j < whole; j += S.Count)
            {
                var sum = S.MultiplyAdd(x0, S.Load(b0 + j), S.Load(y + j));
                sum = S.MultiplyAdd(x1, S.Load(b1 + j), sum);
                sum = S.MultiplyAdd(x2, S.Load(b2 + j), sum);
                S.Store(y + j, S.MultiplyAdd(x3, S.Load(b3 + j), sum));
            }
            if (j < n)
            {
                var sum = S.MultiplyAdd(x0, S.LoadMasked(b0 + j, mask), S.LoadMasked(y + j, mask));
                sum = S.MultiplyAdd(x1, S.LoadMasked(b1 + j, mask), sum);
                sum = S.MultiplyAdd(x2, S.LoadMasked(b2 + j, mask), sum);
                S.StoreMasked(y + j, mask, S.MultiplyAdd(x3, S.LoadMasked(b3 + j, mask), sum));
            }
        }
        for (; p < k; p++)
        {
            var x0 = S.Broadcast(x[p * xStride]);
            var b0 = b + p * ldb;
            nint j = 0;
            for (; j < whole; j += S.Count)
                S.Store(y + j, S.MultiplyAdd(x0, S.Load(b0 + j), S.Load(y + j)));
            if (j < n)
                S.StoreMasked(y + j, mask, S.MultiplyAdd(x0, S.LoadMasked(b0 + j, mask), S.LoadMasked(y + j, mask)));
        }
    }

    /// <summary>y[j] = Σ_p x[p · xStride] · b[offsets[p] + j]: one row of a convolution.</summary>
    public static void TapRow(int k, T* x, nint xStride, T* b, nint* offsets, T* y, int columns)
    {
        nint j = 0;
        for (; j + 4 * S.Count <= columns; j += 4 * S.Count)
        {
            var zero = default(V);
            V s0 = zero, s1 = zero, s2 = zero, s3 = zero;
            for (nint p = 0; p < k; p++)
            {
                var row = b + offsets[p] + j;
                var w = S.Broadcast(x[p * xStride]);
                s0 = S.MultiplyAdd(w, S.Load(row), s0);
                s1 = S.MultiplyAdd(w, S.Load(row + S.Count), s1);
                s2 = S.MultiplyAdd(w, S.Load(row + 2 * S.Count), s2);
                s3 = S.MultiplyAdd(w, S.Load(row + 3 * S.Count), s3);
            }
            S.Store(y + j, s0);
            S.Store(y + j + S.Count, s1);
            S.Store(y + j + 2 * S.Count, s2);
            S.Store(y + j + 3 * S.Count, s3);
        }
        for (; j < columns; j += S.Count)
        {
            var mask = S.Mask(Math.Min(S.Count, columns - j));
            var sum = default(V);
            for (nint p = 0; p < k; p++)
                sum = S.MultiplyAdd(S.Broadcast(x[p * xStride]), S.LoadMasked(b + offsets[p] + j, mask), sum);
            S.StoreMasked(y + j, mask, sum);
        }
    }

    /// <summary>C[m, n] = A[m, k]·Bᵀ (+ C) with B [n, k]: dot products of rows, in blocks of 2 × 4. C's strides are free.</summary>
    public static void DotRows(int m, int n, int k, T* a, nint lda, T* b, nint ldb, T* c, nint cRow, nint cColumn, bool accumulate)
    {
        var sums = stackalloc T[8];
        for (var j = 0; j < n; j += 4)
        {
            for (var i = 0; i < m; i += 2)
            {
                var rows = Math.Min(2, m - i);
                var columns = Math.Min(4, n - j);
                if (rows == 2)
                    DotBlock(k, a + i * lda, a + (i + 1) * lda, b + j * ldb, ldb, columns, sums);
                else
                    DotLine(k, a + i * lda, b + j * ldb, ldb, columns, sums);
                for (var r = 0; r < rows; r++)
                {
                    for (var s = 0; s < columns; s++)
                    {
                        var target = c + (i + r) * cRow + (j + s) * cColumn;
                        *target = accumulate ? *target + sums[4 * r + s] : sums[4 * r + s];
                    }
                }
            }
        }
    }

    private static void DotBlock(int k, T* a0, T* a1, T* b0, nint ldb, int columns, T* sums)
    {
        // Columns beyond the last repeat the first; their sums are dropped.
        var b1 = columns > 1 ? b0 + ldb : b0;
        var b2 = columns > 2 ? b0 + 2 * ldb : b0;
        var b3 = columns > 3 ? b0 + 3 * ldb : b0;
        var zero = default(V);
        V s00 = zero, s01 = zero, s02 = zero, s03 = zero;
        V s10 = zero, s11 = zero, s12 = zero, s13 = zero;
        nint p = 0;
        for (; p <= k - S.Count; p += S.Count)
        {
            var x0 = S.Load(a0 + p);
            var x1 = S.Load(a1 + p);
            var y = S.Load(b0 + p);
            s00 = S.MultiplyAdd(x0, y, s00);
            s10 = S.MultiplyAdd(x1, y, s10);
            y = S.Load(b1 + p);
            s01 = S.MultiplyAdd(x0, y, s01);
            s11 = S.MultiplyAdd(x1, y, s11);
            y = S.Load(b2 + p);
            s02 = S.MultiplyAdd(x0, y, s02);
            s12 = S.MultiplyAdd(x1, y, s12);
            y = S.Load(b3 + p);
            s03 = S.MultiplyAdd(x0, y, s03);
            s13 = S.MultiplyAdd(x1, y, s13);
        }
        if (p < k)
        {
            var mask = S.Mask(k - p);
            var x0 = S.LoadMasked(a0 + p, mask);
            var x1 = S.LoadMasked(a1 + p, mask);
            var y = S.LoadMasked(b0 + p, mask);
            s00 = S.MultiplyAdd(x0, y, s00);
            s10 = S.MultiplyAdd(x1, y, s10);
            y = S.LoadMasked(b1 + p, mask);
            s01 = S.MultiplyAdd(x0, y, s01);
            s11 = S.MultiplyAdd(x1, y, s11);
            y = S.LoadMasked(b2 + p, mask);
            s02 = S.MultiplyAdd(x0, y, s02);
            s12 = S.MultiplyAdd(x1, y, s12);
            y = S.LoadMasked(b3 + p, mask);
            s03 = S.MultiplyAdd(x0, y, s03);
            s13 = S.MultiplyAdd(x1, y, s13);
        }
        sums[0] = S.Sum(s00);
        sums[1] = S.Sum(s01);
        sums[2] = S.Sum(s02);
        sums[3] = S.Sum(s03);
        sums[4] = S.Sum(s10);
        sums[5] = S.Sum(s11);
        sums[6] = S.Sum(s12);
        sums[7] = S.Sum(s13);
    }

    private static void DotLine(int k, T* a0, T* b0, nint ldb, int columns, T* sums)
    {
        var b1 = columns > 1 ? b0 + ldb : b0;
        var b2 = columns > 2 ? b0 + 2 * ldb : b0;
        var b3 = columns > 3 ? b0 + 3 * ldb : b0;
        var zero = default(V);
        V s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        nint p = 0;
        for (; p <= k - S.Count; p += S.Count)
        {
            var x = S.Load(a0 + p);
            s0 = S.MultiplyAdd(x, S.Load(b0 + p), s0);
            s1 = S.MultiplyAdd(x, S.Load(b1 + p), s1);
            s2 = S.MultiplyAdd(x, S.Load(b2 + p), s2);
            s3 = S.MultiplyAdd(x, S.Load(b3 + p), s3);
        }
        if (p < k)
        {
            var mask = S.Mask(k - p);
            var x = S.LoadMasked(a0 + p, mask);
            s0 = S.MultiplyAdd(x, S.LoadMasked(b0 + p, mask), s0);
            s1 = S.MultiplyAdd(x, S.LoadMasked(b1 + p, mask), s1);
            s2 = S.MultiplyAdd(x, S.LoadMasked(b2 + p, mask), s2);
            s3 = S.MultiplyAdd(x, S.LoadMasked(b3 + p, mask), s3);
        }
        sums[0] = S.Sum(s0);
        sums[1] = S.Sum(s1);
        sums[2] = S.Sum(s2);
        sums[3] = S.Sum(s3);
    }
}
