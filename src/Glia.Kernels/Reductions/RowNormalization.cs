using System.Numerics;
using System.Numerics.Tensors;

namespace Glia.Kernels;

/// <summary>Normalisation of each row of a matrix to mean 0 and variance 1; a work item is a block of rows.</summary>
internal static unsafe class RowNormalization
{
    private const int WorkPerItem = 1 << 14;

    /// <summary>y = (x − mean)·s with s = 1 / √(variance + ε), mean and biased variance being the row's own; s is kept for the gradient.</summary>
    public static void Forward<T>(int rows, int columns, double epsilon, ReadOnlySpan<T> x, Span<T> y, Span<T> inverseStd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, py = y, ps = inverseStd)
            Run(new Job<T> { Rows = rows, Columns = columns, Epsilon = epsilon, X = px, Y = py, InverseStd = ps });
    }

    /// <summary>dx = s·(dy − mean(dy) − y·mean(dy·y)) per row.</summary>
    public static void Backward<T>(int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> inverseStd, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* py = y, ps = inverseStd, pdy = dy, pdx = dx)
            Run(new Job<T> { IsBackward = true, Rows = rows, Columns = columns, X = pdx, Y = py, InverseStd = ps, Dy = pdy });
    }

    private static void Run<T>(Job<T> job)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (job.Rows == 0 || job.Columns == 0)
            return;
        job.RowsPerItem = Math.Max(1, WorkPerItem / job.Columns);
        WorkerPool.For((job.Rows + job.RowsPerItem - 1) / job.RowsPerItem, ref job);
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public bool IsBackward;
        public int Rows, Columns, RowsPerItem;
        public double Epsilon;
        public T* X, Y, InverseStd, Dy;

        public readonly void Run(int index)
        {
            for (var r = index * RowsPerItem; r < Math.Min(Rows, (index + 1) * RowsPerItem); r++)
            {
                var x = new Span<T>(X + ((long)r * Columns), Columns);
                var y = new Span<T>(Y + ((long)r * Columns), Columns);
                if (IsBackward)
                    Gradient(y, new ReadOnlySpan<T>(Dy + ((long)r * Columns), Columns), InverseStd[r], x);
                else
                    InverseStd[r] = Normalise(x, y, Epsilon);
            }
        }

        private static T Normalise(ReadOnlySpan<T> x, Span<T> y, double epsilon)
        {
            var count = T.CreateTruncating(x.Length);
            TensorPrimitives.Subtract(x, Reductions.Sum(x) / count, y);
            var variance = double.CreateTruncating(SumOfProducts(y, y)) / x.Length;
            var inverseStd = T.CreateTruncating(1 / Math.Sqrt(variance + epsilon));
            TensorPrimitives.Multiply(y, inverseStd, y);
            return inverseStd;
        }

        private static void Gradient(ReadOnlySpan<T> y, ReadOnlySpan<T> dy, T inverseStd, Span<T> dx)
        {
            var count = T.CreateTruncating(y.Length);
            var mean = Reductions.Sum(dy) / count;
            TensorPrimitives.Subtract(dy, mean, dx);
            TensorPrimitives.MultiplyAdd(y, -SumOfProducts(dy, y) / count, dx, dx);
            TensorPrimitives.Multiply(dx, inverseStd, dx);
        }

        private static T SumOfProducts(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        {
            const int BlockLength = 4096;
            var sum = 0.0;
            for (var i = 0; i < a.Length; i += BlockLength)
            {
                var length = Math.Min(BlockLength, a.Length - i);
                sum += double.CreateTruncating(TensorPrimitives.Dot(a.Slice(i, length), b.Slice(i, length)));
            }
            return T.CreateTruncating(sum);
        }
    }
}
