using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>
/// A tile of 12 rows by two vectors, for instruction sets with 32 vector registers: 24 accumulators, two vectors of B, one number of A.
/// </summary>
internal readonly unsafe struct MicroKernel12<S, V, T> : IMicroKernel<T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged
{
    public static int Rows => 12;

    public static int Columns => 2 * S.Count;

    // Twelve rows far apart need more address registers than there are.
    public static int ColumnsInPlace => 0;

    public static void Run(nint k, T* a, T* b, T* c, nint ldc, int rows, int columns, bool accumulate)
    {
        if (rows == Rows && columns == Columns)
        {
            RunFull<EvenRows>(k, a, b, null, c, ldc, accumulate);
            return;
        }
        RunInPlace(k, a, 1, Rows, b, c, ldc, rows, columns, accumulate);
    }

    public static void RunInPlace(nint k, T* a, nint rowStride, nint stepStride, T* b, T* c, nint ldc, int rows, int columns, bool accumulate)
    {
        var first = FirstPart(rows);
        MicroKernel6<S, V, T>.RunStrided(k, a, rowStride, stepStride, b, Columns, c, ldc, first, columns, accumulate);
        if (rows > first)
            MicroKernel6<S, V, T>.RunStrided(k, a + first * rowStride, rowStride, stepStride, b, Columns, c + first * ldc, ldc, rows - first, columns, accumulate);
    }

    public static void RunScattered(nint k, T* a, T* b, nint* offsets, T* c, nint ldc, int rows, int columns, bool accumulate)
    {
        if (rows == Rows && columns == Columns)
        {
            RunFull<ScatteredRows>(k, a, b, offsets, c, ldc, accumulate);
            return;
        }
        var first = FirstPart(rows);
        MicroKernel6<S, V, T>.RunScattered(k, a, Rows, b, offsets, c, ldc, first, columns, accumulate);
        if (rows > first)
            MicroKernel6<S, V, T>.RunScattered(k, a + first, Rows, b, offsets, c + first * ldc, ldc, rows - first, columns, accumulate);
    }

    // An unfinished tile is computed as one or two of 4 or 6 rows.
    private static int FirstPart(int rows) => rows is > 6 and <= 8 ? 4 : Math.Min(rows, 6);

    private static void RunFull<R>(nint k, T* a, T* b, nint* offsets, T* c, nint ldc, bool accumulate)
        where R : struct
    {
        var zero = default(V);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        V c40 = zero, c41 = zero;
        V c50 = zero, c51 = zero;
        V c60 = zero, c61 = zero;
        V c70 = zero, c71 = zero;
        V c80 = zero, c81 = zero;
        V c90 = zero, c91 = zero;
        V c100 = zero, c101 = zero;
        V c110 = zero, c111 = zero;
        for (; k > 0; k--)
        {
            var row = b;
            if (typeof(R) == typeof(ScatteredRows))
                row += *offsets++;
            else
                b += 2 * S.Count;
            var b0 = S.Load(row);
            var b1 = S.Load(row + S.Count);
            var x = S.Broadcast(*a);
            c00 = S.MultiplyAdd(x, b0, c00);
            c01 = S.MultiplyAdd(x, b1, c01);
            x = S.Broadcast(a[1]);
            c10 = S.MultiplyAdd(x, b0, c10);
            c11 = S.MultiplyAdd(x, b1, c11);
            x = S.Broadcast(a[2]);
            c20 = S.MultiplyAdd(x, b0, c20);
            c21 = S.MultiplyAdd(x, b1, c21);
            x = S.Broadcast(a[3]);
            c30 = S.MultiplyAdd(x, b0, c30);
            c31 = S.MultiplyAdd(x, b1, c31);
            x = S.Broadcast(a[4]);
            c40 = S.MultiplyAdd(x, b0, c40);
            c41 = S.MultiplyAdd(x, b1, c41);
            x = S.Broadcast(a[5]);
            c50 = S.MultiplyAdd(x, b0, c50);
            c51 = S.MultiplyAdd(x, b1, c51);
            x = S.Broadcast(a[6]);
            c60 = S.MultiplyAdd(x, b0, c60);
            c61 = S.MultiplyAdd(x, b1, c61);
            x = S.Broadcast(a[7]);
            c70 = S.MultiplyAdd(x, b0, c70);
            c71 = S.MultiplyAdd(x, b1, c71);
            x = S.Broadcast(a[8]);
            c80 = S.MultiplyAdd(x, b0, c80);
            c81 = S.MultiplyAdd(x, b1, c81);
            x = S.Broadcast(a[9]);
            c90 = S.MultiplyAdd(x, b0, c90);
            c91 = S.MultiplyAdd(x, b1, c91);
            x = S.Broadcast(a[10]);
            c100 = S.MultiplyAdd(x, b0, c100);
            c101 = S.MultiplyAdd(x, b1, c101);
            x = S.Broadcast(a[11]);
            c110 = S.MultiplyAdd(x, b0, c110);
            c111 = S.MultiplyAdd(x, b1, c111);
            a += 12;
        }
        StoreRow(c, c00, c01, accumulate);
        StoreRow(c + ldc, c10, c11, accumulate);
        StoreRow(c + 2 * ldc, c20, c21, accumulate);
        StoreRow(c + 3 * ldc, c30, c31, accumulate);
        StoreRow(c + 4 * ldc, c40, c41, accumulate);
        StoreRow(c + 5 * ldc, c50, c51, accumulate);
        StoreRow(c + 6 * ldc, c60, c61, accumulate);
        StoreRow(c + 7 * ldc, c70, c71, accumulate);
        StoreRow(c + 8 * ldc, c80, c81, accumulate);
        StoreRow(c + 9 * ldc, c90, c91, accumulate);
        StoreRow(c + 10 * ldc, c100, c101, accumulate);
        StoreRow(c + 11 * ldc, c110, c111, accumulate);
    }

    /// <summary>Two vectors of a row of C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreRow(T* c, V v0, V v1, bool accumulate)
    {
        if (accumulate)
        {
            v0 = S.Add(S.Load(c), v0);
            v1 = S.Add(S.Load(c + S.Count), v1);
        }
        S.Store(c, v0);
        S.Store(c + S.Count, v1);
    }
}
