using System.Numerics;
using Glia.Ops;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Sums and products of whole numbers over axes: exact to the last bit, where doubles are not, with the overflow of the type that holds them.</summary>
internal static class WholeNumbers
{
    public static bool Are(Tensor x) => x.DType is DType.Int32 or DType.Int64;

    /// <summary>Folds the elements along the axes that are marked.</summary>
    public static Tensor Fold<TOp>(Tensor x, Shape result, bool[] reduced)
        where TOp : IBinary
    {
        int[] order = [.. Enumerable.Range(0, x.Rank).Where(d => !reduced[d]), .. Enumerable.Range(0, x.Rank).Where(d => reduced[d])];
        return Make(result, x.DType, x.Detach().Permute(order), static (rows, y) =>
        {
            if (y.DType == DType.Int64)
                Loop<long>(rows, y);
            else
                Loop<int>(rows, y);
        });

        static void Loop<T>(Tensor rows, Tensor y)
            where T : unmanaged, INumber<T>
        {
            var results = y.AsWritableSpan<T>();
            var count = results.Length == 0 ? 0 : rows.Count / results.Length;
            for (var row = 0; row < results.Length; row++)
            {
                var values = rows.AsSpan<T>().Slice(row * count, count);
                var result = values[0];
                foreach (var value in values[1..])
                    result = TOp.Of(result, value);
                results[row] = result;
            }
        }
    }

    /// <summary>Each element with all before it on its axis; without itself where <paramref name="isExclusive"/>.</summary>
    public static Tensor RunningSum(Tensor x, int axis, bool isExclusive)
    {
        return Make(x.Shape, x.DType, (x.Detach(), Axes.Split(x.Shape, axis), isExclusive), static (s, y) =>
        {
            if (y.DType == DType.Int64)
                Loop<long>(s.Item1, s.Item2, s.isExclusive, y);
            else
                Loop<int>(s.Item1, s.Item2, s.isExclusive, y);
        });

        static void Loop<T>(Tensor x, (int Outer, int Count, int Inner) split, bool isExclusive, Tensor y)
            where T : unmanaged, INumber<T>
        {
            var from = x.AsSpan<T>();
            var to = y.AsWritableSpan<T>();
            for (var line = 0; line < split.Outer * split.Inner; line++)
            {
                var at = (line / split.Inner * split.Count * split.Inner) + (line % split.Inner);
                var sum = T.Zero;
                for (var i = 0; i < split.Count; i++, at += split.Inner)
                {
                    var next = unchecked(sum + from[at]);
                    to[at] = isExclusive ? sum : next;
                    sum = next;
                }
            }
        }
    }

    /// <summary>The product of matrices, or of stacks of them, that broadcast; a vector is a row on the left and a column on the right.</summary>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        if (a.DType != b.DType || a.Rank == 0 || b.Rank == 0 || a.Shape[-1] != b.Shape[b.Rank == 1 ? 0 : -2])
            throw new ArgumentException($"MatMul expects matrices of one type whose inner sizes are equal, but got {a.DType} {a.Shape} and {b.DType} {b.Shape}.");
        var left = a.Rank == 1 ? a.Reshape(1, a.Count) : a;
        var right = b.Rank == 1 ? b.Reshape(b.Count, 1) : b;
        var batch = Broadcasting.Common("MatMul", new Shape(left.Shape.Sizes[..^2]), new Shape(right.Shape.Sizes[..^2]));
        var (m, k, n) = (left.Shape[-2], left.Shape[-1], right.Shape[-1]);
        left = left.Detach().BroadcastTo(new Shape([.. batch.Sizes, m, k]));
        right = right.Detach().BroadcastTo(new Shape([.. batch.Sizes, k, n]));
        var y = Make(new Shape([.. batch.Sizes, m, n]), a.DType, (left, right, k, n), static (s, y) =>
        {
            if (y.DType == DType.Int64)
                Loop<long>(s.left, s.right, s.k, s.n, y);
            else
                Loop<int>(s.left, s.right, s.k, s.n, y);
        });
        return y.Reshape(new Shape([.. batch.Sizes, .. a.Rank == 1 ? [] : (int[])[m], .. b.Rank == 1 ? [] : (int[])[n]]));

        static void Loop<T>(Tensor a, Tensor b, int k, int n, Tensor y)
            where T : unmanaged, INumber<T>
        {
            var left = a.AsSpan<T>();
            var right = b.AsSpan<T>();
            var result = y.AsWritableSpan<T>();
            result.Clear();
            var rows = n == 0 ? 0 : result.Length / n;
            var rowsPerMatrix = y.Shape[-2];
            for (var row = 0; row < rows; row++)
            {
                var sums = result.Slice(row * n, n);
                var matrix = right.Slice(row / rowsPerMatrix * k * n, k * n);
                for (var i = 0; i < k; i++)
                {
                    var factor = left[(row * k) + i];
                    for (var j = 0; j < n; j++)
                        sums[j] = unchecked(sums[j] + (factor * matrix[(i * n) + j]));
                }
            }
        }
    }
}
