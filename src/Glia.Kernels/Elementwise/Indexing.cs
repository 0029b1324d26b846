using System.Numerics;
using System.Numerics.Tensors;

namespace Glia.Kernels;

/// <summary>Elements and slices chosen by indices, which the caller has checked; and running sums. Sums are made in the order of the indices.</summary>
internal static class Indexing
{
    /// <summary>y[o, j, :] = x[o, index[j], :].</summary>
    public static void Select<T>(int outer, int size, int inner, ReadOnlySpan<T> x, ReadOnlySpan<long> index, Span<T> y)
        where T : unmanaged
    {
        for (var o = 0; o < outer; o++)
        {
            for (var j = 0; j < index.Length; j++)
                x.Slice(((o * size) + (int)index[j]) * inner, inner).CopyTo(y.Slice(((o * index.Length) + j) * inner, inner));
        }
    }

    /// <summary>y[o, index[j], :] += x[o, j, :], from 0.</summary>
    public static void Add<T>(int outer, int size, int inner, ReadOnlySpan<T> x, ReadOnlySpan<long> index, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        y.Clear();
        for (var o = 0; o < outer; o++)
        {
            for (var j = 0; j < index.Length; j++)
            {
                var row = y.Slice(((o * size) + (int)index[j]) * inner, inner);
                TensorPrimitives.Add(row, x.Slice(((o * index.Length) + j) * inner, inner), row);
            }
        }
    }

    /// <summary>y[o, j, i] = x[o, index[o, j, i], i].</summary>
    public static void Gather<T>(int outer, int count, int inner, int size, ReadOnlySpan<T> x, ReadOnlySpan<long> index, Span<T> y)
        where T : unmanaged
    {
        var at = 0;
        for (var o = 0; o < outer; o++)
        {
            var plane = x.Slice(o * size * inner, size * inner);
            for (var j = 0; j < count; j++)
            {
                for (var i = 0; i < inner; i++, at++)
                    y[at] = plane[((int)index[at] * inner) + i];
            }
        }
    }

    /// <summary>y[o, index[o, j, i], i] += x[o, j, i], from 0.</summary>
    public static void ScatterAdd<T>(int outer, int count, int inner, int size, ReadOnlySpan<T> x, ReadOnlySpan<long> index, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        y.Clear();
        var at = 0;
        for (var o = 0; o < outer; o++)
        {
            var plane = y.Slice(o * size * inner, size * inner);
            for (var j = 0; j < count; j++)
            {
                for (var i = 0; i < inner; i++, at++)
                    plane[((int)index[at] * inner) + i] += x[at];
            }
        }
    }

    /// <summary>y[o, j, :] = Σ x[o, 0…j, :], or Σ x[o, j…, :] in reverse.</summary>
    public static void CumulativeSum<T>(bool reverse, int outer, int count, int inner, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        for (var o = 0; o < outer; o++)
        {
            for (var k = 0; k < count; k++)
            {
                var j = reverse ? count - 1 - k : k;
                var row = y.Slice(((o * count) + j) * inner, inner);
                var source = x.Slice(((o * count) + j) * inner, inner);
                if (k == 0)
                    source.CopyTo(row);
                else
                    TensorPrimitives.Add(source, y.Slice(((o * count) + (reverse ? j + 1 : j - 1)) * inner, inner), row);
            }
        }
    }
}
