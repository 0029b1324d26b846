using System.Numerics;

namespace Glia.Kernels;

/// <summary>Element-wise work over operands that are walked by strides: broadcasting, permuting, slicing, padding, joining.</summary>
internal static class Strided
{
    public const int MaxRank = 16;

    /// <summary>
    /// y = op(a, b) with broadcasting; y is dense over <paramref name="sizes"/>. Neighbouring dimensions that both operands walk
    /// as one are merged, and the innermost dimension runs as one vector pass.
    /// </summary>
    public static void Zip<TOp, T>(
        TOp op, ReadOnlySpan<int> sizes, ReadOnlySpan<T> a, ReadOnlySpan<int> stridesA, ReadOnlySpan<T> b, ReadOnlySpan<int> stridesB, Span<T> y)
        where TOp : struct, IBinaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y.IsEmpty)
            return;
        Span<int> n = stackalloc int[MaxRank];
        Span<int> sa = stackalloc int[MaxRank];
        Span<int> sb = stackalloc int[MaxRank];
        var rank = Merge(sizes, stridesA, stridesB, n, sa, sb);
        var inner = n[rank - 1];
        var stepA = sa[rank - 1];
        var stepB = sb[rank - 1];
        Span<int> index = stackalloc int[MaxRank];
        index.Clear();
        long offsetA = 0, offsetB = 0;
        for (var start = 0; start < y.Length; start += inner)
        {
            var rowA = a.Slice((int)offsetA, stepA == 0 ? 1 : inner);
            var rowB = b.Slice((int)offsetB, stepB == 0 ? 1 : inner);
            Elementwise.Zip(op, rowA, rowB, y.Slice(start, inner));
            for (var d = rank - 2; d >= 0; d--)
            {
                offsetA += sa[d];
                offsetB += sb[d];
                if (++index[d] < n[d])
                    break;
                offsetA -= (long)sa[d] * n[d];
                offsetB -= (long)sb[d] * n[d];
                index[d] = 0;
            }
        }
    }

    /// <summary>Copies a box of elements from one strided place to another.</summary>
    public static void Copy<T>(ReadOnlySpan<int> sizes, ReadOnlySpan<T> source, StridedView from, Span<T> destination, StridedView to)
        where T : unmanaged
    {
        foreach (var size in sizes)
        {
            if (size == 0)
                return;
        }
        Span<int> n = stackalloc int[MaxRank];
        Span<int> sa = stackalloc int[MaxRank];
        Span<int> sb = stackalloc int[MaxRank];
        var rank = Merge(sizes, from.Strides, to.Strides, n, sa, sb);
        StridedCopy.Run(source, destination, n[..rank], sa, from.Offset, sb, to.Offset);
    }

    /// <summary>Drops dimensions of size 1 and joins neighbours that both operands walk with one step; returns the new rank, at least 1.</summary>
    private static int Merge(
        ReadOnlySpan<int> sizes, ReadOnlySpan<int> strides1, ReadOnlySpan<int> strides2, Span<int> n, Span<int> s1, Span<int> s2)
    {
        var rank = 0;
        for (var d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] == 1)
                continue;
            if (rank > 0 && s1[rank - 1] == strides1[d] * sizes[d] && s2[rank - 1] == strides2[d] * sizes[d])
            {
                n[rank - 1] *= sizes[d];
            }
            else
            {
                n[rank] = sizes[d];
                rank++;
            }
            s1[rank - 1] = strides1[d];
            s2[rank - 1] = strides2[d];
        }
        if (rank == 0)
        {
            n[0] = 1;
            s1[0] = s2[0] = 1;
            rank = 1;
        }
        return rank;
    }
}
