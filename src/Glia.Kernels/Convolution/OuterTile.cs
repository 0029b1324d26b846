using System.Numerics;

namespace Glia.Kernels;

/// <summary>
/// A tile of 6 rows by one, two or four vectors whose left-hand side is read where it lies: its rows and its steps each have an offset of their own.
/// </summary>
internal static unsafe class OuterTile<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Rows = 6;

    /// <summary>
    /// c[i · ldc + j] = Σ_k a[rows[i] + steps[k]] · b[k · ldb + j] (+ c) for 6 rows and <paramref name="vectors"/> (1, 2 or 4) vectors of columns.
    /// </summary>
    public static void Run(int vectors, nint k, T* a, nint* rows, nint* steps, T* b, nint ldb, T* c, nint ldc, bool accumulate)
    {
        if (vectors == 4)
            Four(k, a, rows, steps, b, ldb, c, ldc, accumulate);
        else if (vectors == 2)
            Two(k, a, rows, steps, b, ldb, c, ldc, accumulate);
        else
            One(k, a, rows, steps, b, ldb, c, ldc, accumulate);
    }

    // Even and odd steps have sums of their own: six alone would wait for each other.
    private static void One(nint k, T* a, nint* rows, nint* steps, T* b, nint ldb, T* c, nint ldc, bool accumulate)
    {
        T* a0 = a + rows[0], a1 = a + rows[1], a2 = a + rows[2], a3 = a + rows[3], a4 = a + rows[4], a5 = a + rows[5];
        var zero = default(V);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        V c40 = zero, c41 = zero;
        V c50 = zero, c51 = zero;
        var end = steps + k;
        for (; steps + 2 <= end; steps += 2, b += 2 * ldb)
        {
            var (even, odd) = (steps[0], steps[1]);
            var b0 = S.Load(b);
            var b1 = S.Load(b + ldb);
            c00 = S.MultiplyAdd(S.Broadcast(a0[even]), b0, c00);
            c01 = S.MultiplyAdd(S.Broadcast(a0[odd]), b1, c01);
            c10 = S.MultiplyAdd(S.Broadcast(a1[even]), b0, c10);
            c11 = S.MultiplyAdd(S.Broadcast(a1[odd]), b1, c11);
            c20 = S.MultiplyAdd(S.Broadcast(a2[even]), b0, c20);
            c21 = S.MultiplyAdd(S.Broadcast(a2[odd]), b1, c21);
            c30 = S.MultiplyAdd(S.Broadcast(a3[even]), b0, c30);
            c31 = S.MultiplyAdd(S.Broadcast(a3[odd]), b1, c31);
            c40 = S.MultiplyAdd(S.Broadcast(a4[even]), b0, c40);
            c41 = S.MultiplyAdd(S.Broadcast(a4[odd]), b1, c41);
            c50 = S.MultiplyAdd(S.Broadcast(a5[even]), b0, c50);
            c51 = S.MultiplyAdd(S.Broadcast(a5[odd]), b1, c51);
        }
        if (steps < end)
        {
            var last = *steps;
            var b0 = S.Load(b);
            c00 = S.MultiplyAdd(S.Broadcast(a0[last]), b0, c00);
            c10 = S.MultiplyAdd(S.Broadcast(a1[last]), b0, c10);
            c20 = S.MultiplyAdd(S.Broadcast(a2[last]), b0, c20);
            c30 = S.MultiplyAdd(S.Broadcast(a3[last]), b0, c30);
            c40 = S.MultiplyAdd(S.Broadcast(a4[last]), b0, c40);
            c50 = S.MultiplyAdd(S.Broadcast(a5[last]), b0, c50);
        }
        StoreVector(c, S.Add(c00, c01), accumulate);
        StoreVector(c + ldc, S.Add(c10, c11), accumulate);
        StoreVector(c + 2 * ldc, S.Add(c20, c21), accumulate);
        StoreVector(c + 3 * ldc, S.Add(c30, c31), accumulate);
        StoreVector(c + 4 * ldc, S.Add(c40, c41), accumulate);
        StoreVector(c + 5 * ldc, S.Add(c50, c51), accumulate);
    }

    private static void StoreVector(T* c, V value, bool accumulate) => S.Store(c, accumulate ? S.Add(S.Load(c), value) : value);

    private static void Two(nint k, T* a, nint* rows, nint* steps, T* b, nint ldb, T* c, nint ldc, bool accumulate)
    {
        T* a0 = a + rows[0], a1 = a + rows[1], a2 = a + rows[2], a3 = a + rows[3], a4 = a + rows[4], a5 = a + rows[5];
        var zero = default(V);
        V c00 = zero, c01 = zero;
        V c10 = zero, c11 = zero;
        V c20 = zero, c21 = zero;
        V c30 = zero, c31 = zero;
        V c40 = zero, c41 = zero;
        V c50 = zero, c51 = zero;
        for (var end = steps + k; steps < end; steps++, b += ldb)
        {
            var at = *steps;
            var b0 = S.Load(b);
            var b1 = S.Load(b + S.Count);
            var x = S.Broadcast(a0[at]);
            c00 = S.MultiplyAdd(x, b0, c00);
            c01 = S.MultiplyAdd(x, b1, c01);
            x = S.Broadcast(a1[at]);
            c10 = S.MultiplyAdd(x, b0, c10);
            c11 = S.MultiplyAdd(x, b1, c11);
            x = S.Broadcast(a2[at]);
            c20 = S.MultiplyAdd(x, b0, c20);
            c21 = S.MultiplyAdd(x, b1, c21);
            x = S.Broadcast(a3[at]);
            c30 = S.MultiplyAdd(x, b0, c30);
            c31 = S.MultiplyAdd(x, b1, c31);
            x = S.Broadcast(a4[at]);
            c40 = S.MultiplyAdd(x, b0, c40);
            c41 = S.MultiplyAdd(x, b1, c41);
            x = S.Broadcast(a5[at]);
            c50 = S.MultiplyAdd(x, b0, c50);
            c51 = S.MultiplyAdd(x, b1, c51);
        }
        MicroKernel12<S, V, T>.StoreRow(c, c00, c01, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + ldc, c10, c11, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + 2 * ldc, c20, c21, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + 3 * ldc, c30, c31, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + 4 * ldc, c40, c41, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + 5 * ldc, c50, c51, accumulate);
    }

    private static void Four(nint k, T* a, nint* rows, nint* steps, T* b, nint ldb, T* c, nint ldc, bool accumulate)
    {
        T* a0 = a + rows[0], a1 = a + rows[1], a2 = a + rows[2], a3 = a + rows[3], a4 = a + rows[4], a5 = a + rows[5];
        var zero = default(V);
        V c00 = zero, c01 = zero, c02 = zero, c03 = zero;
        V c10 = zero, c11 = zero, c12 = zero, c13 = zero;
        V c20 = zero, c21 = zero, c22 = zero, c23 = zero;
        V c30 = zero, c31 = zero, c32 = zero, c33 = zero;
        V c40 = zero, c41 = zero, c42 = zero, c43 = zero;
        V c50 = zero, c51 = zero, c52 = zero, c53 = zero;
        for (var end = steps + k; steps < end; steps++, b += ldb)
        {
            var at = *steps;
            var b0 = S.Load(b);
            var b1 = S.Load(b + S.Count);
            var b2 = S.Load(b + 2 * S.Count);
            var b3 = S.Load(b + 3 * S.Count);
            var x = S.Broadcast(a0[at]);
            c00 = S.MultiplyAdd(x, b0, c00);
            c01 = S.MultiplyAdd(x, b1, c01);
            c02 = S.MultiplyAdd(x, b2, c02);
            c03 = S.MultiplyAdd(x, b3, c03);
            x = S.Broadcast(a1[at]);
            c10 = S.MultiplyAdd(x, b0, c10);
            c11 = S.MultiplyAdd(x, b1, c11);
            c12 = S.MultiplyAdd(x, b2, c12);
            c13 = S.MultiplyAdd(x, b3, c13);
            x = S.Broadcast(a2[at]);
            c20 = S.MultiplyAdd(x, b0, c20);
            c21 = S.MultiplyAdd(x, b1, c21);
            c22 = S.MultiplyAdd(x, b2, c22);
            c23 = S.MultiplyAdd(x, b3, c23);
            x = S.Broadcast(a3[at]);
            c30 = S.MultiplyAdd(x, b0, c30);
            c31 = S.MultiplyAdd(x, b1, c31);
            c32 = S.MultiplyAdd(x, b2, c32);
            c33 = S.MultiplyAdd(x, b3, c33);
            x = S.Broadcast(a4[at]);
            c40 = S.MultiplyAdd(x, b0, c40);
            c41 = S.MultiplyAdd(x, b1, c41);
            c42 = S.MultiplyAdd(x, b2, c42);
            c43 = S.MultiplyAdd(x, b3, c43);
            x = S.Broadcast(a5[at]);
            c50 = S.MultiplyAdd(x, b0, c50);
            c51 = S.MultiplyAdd(x, b1, c51);
            c52 = S.MultiplyAdd(x, b2, c52);
            c53 = S.MultiplyAdd(x, b3, c53);
        }
        nint half = 2 * S.Count;
        MicroKernel12<S, V, T>.StoreRow(c, c00, c01, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + half, c02, c03, accumulate);
        c += ldc;
        MicroKernel12<S, V, T>.StoreRow(c, c10, c11, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + half, c12, c13, accumulate);
        c += ldc;
        MicroKernel12<S, V, T>.StoreRow(c, c20, c21, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + half, c22, c23, accumulate);
        c += ldc;
        MicroKernel12<S, V, T>.StoreRow(c, c30, c31, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + half, c32, c33, accumulate);
        c += ldc;
        MicroKernel12<S, V, T>.StoreRow(c, c40, c41, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + half, c42, c43, accumulate);
        c += ldc;
        MicroKernel12<S, V, T>.StoreRow(c, c50, c51, accumulate);
        MicroKernel12<S, V, T>.StoreRow(c + half, c52, c53, accumulate);
    }
}
