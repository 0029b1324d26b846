using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Dot products of 4 rows with 3 rows, all contiguous, held as 12 vectors of partial sums.</summary>
internal static unsafe class DotTile<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Rows = 4;
    public const int Columns = 3;

    /// <summary>
    /// sums[3i + j] += a_i · b_j, lane by lane, over <paramref name="count"/> numbers of each of several images, whose rows are
    /// <paramref name="aStride"/> and <paramref name="bStride"/> apart. Row i begins at <c>a + aRows[i]</c> and <c>b + bRows[i]</c>.
    /// </summary>
    public static void Add(int images, nint count, T* a, nint aStride, nint* aRows, T* b, nint bStride, nint* bRows, V* sums)
    {
        T* a0 = a + aRows[0], a1 = a + aRows[1], a2 = a + aRows[2], a3 = a + aRows[3];
        T* b0 = b + bRows[0], b1 = b + bRows[1], b2 = b + bRows[2];
        var whole = count - count % S.Count;
        var mask = S.Mask(count - whole);
        V s00 = sums[0], s01 = sums[1], s02 = sums[2];
        V s10 = sums[3], s11 = sums[4], s12 = sums[5];
        V s20 = sums[6], s21 = sums[7], s22 = sums[8];
        V s30 = sums[9], s31 = sums[10], s32 = sums[11];
        for (; images > 0; images--)
        {
            nint p = 0;
            for (; p < whole; p += S.Count)
            {
                var y0 = S.Load(b0 + p);
                var y1 = S.Load(b1 + p);
                var y2 = S.Load(b2 + p);
                AddRow(S.Load(a0 + p), y0, y1, y2, ref s00, ref s01, ref s02);
                AddRow(S.Load(a1 + p), y0, y1, y2, ref s10, ref s11, ref s12);
                AddRow(S.Load(a2 + p), y0, y1, y2, ref s20, ref s21, ref s22);
                AddRow(S.Load(a3 + p), y0, y1, y2, ref s30, ref s31, ref s32);
            }
            if (p < count)
            {
                var y0 = S.LoadMasked(b0 + p, mask);
                var y1 = S.LoadMasked(b1 + p, mask);
                var y2 = S.LoadMasked(b2 + p, mask);
                AddRow(S.LoadMasked(a0 + p, mask), y0, y1, y2, ref s00, ref s01, ref s02);
                AddRow(S.LoadMasked(a1 + p, mask), y0, y1, y2, ref s10, ref s11, ref s12);
                AddRow(S.LoadMasked(a2 + p, mask), y0, y1, y2, ref s20, ref s21, ref s22);
                AddRow(S.LoadMasked(a3 + p, mask), y0, y1, y2, ref s30, ref s31, ref s32);
            }
            a0 += aStride;
            a1 += aStride;
            a2 += aStride;
            a3 += aStride;
            b0 += bStride;
            b1 += bStride;
            b2 += bStride;
        }
        (sums[0], sums[1], sums[2]) = (s00, s01, s02);
        (sums[3], sums[4], sums[5]) = (s10, s11, s12);
        (sums[6], sums[7], sums[8]) = (s20, s21, s22);
        (sums[9], sums[10], sums[11]) = (s30, s31, s32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(V x, V y0, V y1, V y2, ref V s0, ref V s1, ref V s2)
    {
        s0 = S.MultiplyAdd(x, y0, s0);
        s1 = S.MultiplyAdd(x, y1, s1);
        s2 = S.MultiplyAdd(x, y2, s2);
    }
}
