using System.Numerics;
using System.Numerics.Tensors;

namespace Glia.Kernels;

/// <summary>Which number a reduction makes of many.</summary>
internal enum Reduction
{
    Sum,
    Max,
    Min,
    Product,
}

/// <summary>
/// Reductions of x[outer, count, inner] over its middle axis into y[outer, inner]. The order of additions depends on the
/// sizes alone, so that results do not change with the number of threads.
/// </summary>
internal static unsafe class Reductions
{
    private const int BlockLength = 4096;
    private const int BlockRows = 256;
    private const int RowsAtOnce = 4;
    private const int WorkPerItem = 1 << 15;

    public static void Reduce<T>(Reduction kind, int outer, int count, int inner, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (outer == 0 || inner == 0)
            return;
        if (count == 0)
        {
            y.Fill(kind switch
            {
                Reduction.Sum => T.Zero,
                Reduction.Product => T.One,
                Reduction.Max => T.NegativeInfinity,
                _ => T.PositiveInfinity,
            });
            return;
        }
        fixed (T* px = x, py = y)
        {
            var job = new Job<T> { Kind = kind, Outer = outer, Count = count, Inner = inner, X = px, Y = py };
            job.RowsPerItem = (int)Math.Clamp(WorkPerItem / ((long)count * inner), 1, outer);
            // A tall matrix reduced to one row: blocks of columns are independent too.
            job.ColumnsPerItem = outer == 1 && inner >= 256 ? 128 : inner;
            var items = ((outer + job.RowsPerItem - 1) / job.RowsPerItem) * ((inner + job.ColumnsPerItem - 1) / job.ColumnsPerItem);
            if (items == 1 || (long)outer * count * inner <= WorkPerItem)
            {
                job.RowsPerItem = outer;
                job.ColumnsPerItem = inner;
                job.Run(0);
            }
            else
            {
                WorkerPool.For(items, ref job);
            }
        }
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Reduction Kind;
        public int Outer;
        public int Count;
        public int Inner;
        public int RowsPerItem;
        public int ColumnsPerItem;
        public T* X;
        public T* Y;

        public readonly void Run(int index)
        {
            var columnItems = (Inner + ColumnsPerItem - 1) / ColumnsPerItem;
            var firstRow = index / columnItems * RowsPerItem;
            var firstColumn = index % columnItems * ColumnsPerItem;
            var columns = Math.Min(ColumnsPerItem, Inner - firstColumn);
            for (var o = firstRow; o < Math.Min(Outer, firstRow + RowsPerItem); o++)
            {
                var source = X + ((long)o * Count * Inner);
                if (Inner == 1)
                    Y[o] = ReduceRow(Kind, new ReadOnlySpan<T>(source, Count));
                else if (Kind == Reduction.Sum && Count > BlockRows)
                    SumBlocksOfRows(source + firstColumn, new Span<T>(Y + ((long)o * Inner) + firstColumn, columns));
                else
                    ReduceRows(source + firstColumn, Count, new Span<T>(Y + ((long)o * Inner) + firstColumn, columns));
            }
        }

        /// <summary>Sums the rows of each block, then the blocks, so that a long sum does not swallow its last terms.</summary>
        private readonly void SumBlocksOfRows(T* source, Span<T> result)
        {
            const int MaxColumns = 128;
            Span<T> buffer = stackalloc T[MaxColumns];
            for (var c = 0; c < result.Length; c += MaxColumns)
            {
                var sum = result.Slice(c, Math.Min(MaxColumns, result.Length - c));
                var block = buffer[..sum.Length];
                sum.Clear();
                for (var r = 0; r < Count; r += BlockRows)
                {
                    ReduceRows(source + c + ((long)r * Inner), Math.Min(BlockRows, Count - r), block);
                    TensorPrimitives.Add(sum, block, sum);
                }
            }
        }

        // As one row after the other, but what has been added stays in registers meanwhile.
        private readonly void AddRows(T* source, Span<T> result)
        {
            var (at, lanes) = (0, Vector<T>.Count);
            T* second = source + Inner, third = second + Inner, fourth = third + Inner;
            fixed (T* sum = result)
            {
                for (; at + lanes <= result.Length; at += lanes)
                {
                    var v = Vector.Load(sum + at) + Vector.Load(source + at) + Vector.Load(second + at) + Vector.Load(third + at) + Vector.Load(fourth + at);
                    v.Store(sum + at);
                }
                for (; at < result.Length; at++)
                    sum[at] = sum[at] + source[at] + second[at] + third[at] + fourth[at];
            }
        }

        private readonly void ReduceRows(T* source, int rows, Span<T> result)
        {
            new ReadOnlySpan<T>(source, result.Length).CopyTo(result);
            var r = 1;
            if (Kind == Reduction.Sum)
            {
                for (; r + RowsAtOnce <= rows; r += RowsAtOnce)
                    AddRows(source + ((long)r * Inner), result);
            }
            for (; r < rows; r++)
            {
                var row = new ReadOnlySpan<T>(source + ((long)r * Inner), result.Length);
                switch (Kind)
                {
                    case Reduction.Sum: TensorPrimitives.Add(result, row, result); break;
                    case Reduction.Max: TensorPrimitives.Max(result, row, result); break;
                    case Reduction.Min: TensorPrimitives.Min(result, row, result); break;
                    default: TensorPrimitives.Multiply(result, row, result); break;
                }
            }
        }
    }

    private static T ReduceRow<T>(Reduction kind, ReadOnlySpan<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => kind switch
        {
            Reduction.Sum => Sum(row),
            Reduction.Max => TensorPrimitives.Max(row),
            Reduction.Min => TensorPrimitives.Min(row),
            _ => TensorPrimitives.Product(row),
        };

    /// <summary>Sums blocks with SIMD and the blocks in double, so that the error does not grow with the length.</summary>
    public static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (x.Length <= BlockLength)
            return TensorPrimitives.Sum(x);
        var sum = 0.0;
        for (; !x.IsEmpty; x = x[Math.Min(BlockLength, x.Length)..])
            sum += double.CreateTruncating(TensorPrimitives.Sum(x[..Math.Min(BlockLength, x.Length)]));
        return T.CreateTruncating(sum);
    }

    /// <summary>The index, along the middle axis, of the first largest (or smallest) element; NaN counts as both.</summary>
    public static void ArgExtreme<T>(bool largest, int outer, int count, int inner, ReadOnlySpan<T> x, Span<long> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var o = 0; o < outer; o++)
        {
            for (var i = 0; i < inner; i++)
            {
                var best = x[o * count * inner + i];
                var at = 0;
                for (var r = 1; r < count && !T.IsNaN(best); r++)
                {
                    var value = x[(((o * count) + r) * inner) + i];
                    if (T.IsNaN(value) || (largest ? value > best : value < best))
                    {
                        best = value;
                        at = r;
                    }
                }
                y[(o * inner) + i] = at;
            }
        }
    }
}
