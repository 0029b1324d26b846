using System.Numerics;
using System.Numerics.Tensors;

namespace Glia.Kernels;

/// <summary>Adding a bias to a matrix, with the activation in the same pass while the data are in cache.</summary>
internal static unsafe class Bias
{
    private const int WorkPerItem = 1 << 14;

    /// <summary>y[r, :] = act(y[r, :] + bias), in place; an empty bias adds nothing.</summary>
    public static void AddToRows<TOp, T>(TOp activation, int rows, int columns, ReadOnlySpan<T> bias, Span<T> y)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows == 0 || columns == 0)
            return;
        fixed (T* pb = bias, py = y)
        {
            var job = new RowJob<TOp, T> { Op = activation, Rows = rows, Columns = columns, Bias = bias.IsEmpty ? null : pb, Y = py };
            job.RowsPerItem = Math.Max(1, WorkPerItem / columns);
            Run(ref job, rows, job.RowsPerItem);
        }
    }

    private static void Run<TJob>(ref TJob job, int count, int perItem)
        where TJob : struct, IParallelJob
    {
        if (count <= perItem)
            job.Run(0);
        else
            WorkerPool.For((count + perItem - 1) / perItem, ref job);
    }

    private struct RowJob<TOp, T> : IParallelJob
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public int Rows;
        public int Columns;
        public int RowsPerItem;
        public T* Bias;
        public T* Y;

        public readonly void Run(int index)
        {
            var first = index * RowsPerItem;
            var rows = Math.Min(RowsPerItem, Rows - first);
            var block = new Span<T>(Y + ((long)first * Columns), rows * Columns);
            if (Bias != null)
            {
                var bias = new ReadOnlySpan<T>(Bias, Columns);
                for (var r = 0; r < rows; r++)
                {
                    var row = block.Slice(r * Columns, Columns);
                    TensorPrimitives.Add(row, bias, row);
                }
            }
            if (typeof(TOp) != typeof(IdentityOperation))
                Elementwise.Map(Op, block, block);
        }
    }
}

/// <summary>y = x.</summary>
internal readonly struct IdentityOperation : IOutputDerivative
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => x;

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1);
}
