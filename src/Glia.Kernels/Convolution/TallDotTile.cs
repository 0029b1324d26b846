using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Dot products of 6 rows with 2 rows, all contiguous, held as 12 vectors of partial sums.</summary>
internal static unsafe class TallDotTile<S, V, T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const int Rows = 6;
    public const int Columns = 2;

    /// <summary>sums[2i + j] += a_i · b_j, lane by lane, over <paramref name="count"/> numbers. Row i begins at <c>a + aRows[i]</c> and <c>b + bRows[i]</c>.</summary>
    public static void Add(nint count, T* a, nint* aRows, T* b, nint* bRows, V* sums)
    {
        T* a0 = a + aRows[0], a1 = a + aRows[1], a2 = a + aRows[2], a3 = a + aRows[3], a4 = a + aRows[4], a5 = a + aRows[5];
        T* b0 = b + bRows[0], b1 = b + bRows[1];
        V s00 = sums[0], s01 = sums[1];
        V s10 = sums[2], s11 = sums[3];
        V s20 = sums[4], s21 = sums[5];
        V s30 = sums[6], s31 = sums[7];
        V s40 = sums[8], s41 = sums[9];
        V s50 = sums[10], s51 = sums[11];
        nint p = 0;
        for (; p + S.Count <= count; p += S.Count)
        {
            var (y0, y1) = (S.Load(b0 + p), S.Load(b1 + p));
            AddRow(S.Load(a0 + p), y0, y1, ref s00, ref s01);
            AddRow(S.Load(a1 + p), y0, y1, ref s10, ref s11);
            AddRow(S.Load(a2 + p), y0, y1, ref s20, ref s21);
            AddRow(S.Load(a3 + p), y0, y1, ref s30, ref s31);
            AddRow(S.Load(a4 + p), y0, y1, ref s40, ref s41);
            AddRow(S.Load(a5 + p), y0, y1, ref s50, ref s51);
        }
        if (p < count)
        {
            var mask = S.Mask(count - p);
            var (y0, y1) = (S.LoadMasked(b0 + p, mask), S.LoadMasked(b1 + p, mask));
            AddRow(S.LoadMasked(a0 + p, mask), y0, y1, ref s00, ref s01);
            AddRow(S.LoadMasked(a1 + p, mask), y0, y1, ref s10, ref s11);
            AddRow(S.LoadMasked(a2 + p, mask), y0, y1, ref s20, ref s21);
            AddRow(S.LoadMasked(a3 + p, mask), y0, y1, ref s30, ref s31);
            AddRow(S.LoadMasked(a4 + p, mask), y0, y1, ref s40, ref s41);
            AddRow(S.LoadMasked(a5 + p, mask), y0, y1, ref s50, ref s51);
        }
        (sums[0], sums[1]) = (s00, s01);
        (sums[2], sums[3]) = (s10, s11);
        (sums[4], sums[5]) = (s20, s21);
        (sums[6], sums[7]) = (s30, s31);
        (sums[8], sums[9]) = (s40, s41);
        (sums[10], sums[11]) = (s50, s51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(V x, V y0, V y1, ref V s0, ref V s1)
    {
        s0 = S.MultiplyAdd(x, y0, s0);
        s1 = S.MultiplyAdd(x, y1, s1);
    }
}
