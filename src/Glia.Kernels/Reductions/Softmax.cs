using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>Softmax and what is built on it, over the rows of a matrix, shifted by each row's maximum so that nothing overflows.</summary>
internal static unsafe class Softmax
{
    private const int WorkPerItem = 1 << 14;

    /// <summary>y = eˣ⁻ᵐ / Σ eˣ⁻ᵐ per row, m the row's maximum.</summary>
    public static void Forward<T>(int rows, int columns, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rows(Pass.Softmax, rows, columns, x, default, default, y, default);

    /// <summary>dx = y·(dy − Σ y·dy) per row.</summary>
    public static void Backward<T>(int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rows(Pass.SoftmaxBackward, rows, columns, y, dy, default, dx, default);

    /// <summary>y = x − m − ln Σ eˣ⁻ᵐ per row.</summary>
    public static void LogForward<T>(int rows, int columns, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rows(Pass.LogSoftmax, rows, columns, x, default, default, y, default);

    /// <summary>dx = dy − eʸ·Σ dy per row.</summary>
    public static void LogBackward<T>(int rows, int columns, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rows(Pass.LogSoftmaxBackward, rows, columns, y, dy, default, dx, default);

    /// <summary>Per row: the probabilities, and the loss −ln p[target].</summary>
    public static void CrossEntropy<T>(int rows, int columns, ReadOnlySpan<T> x, ReadOnlySpan<long> target, Span<T> probability, Span<T> loss)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rows(Pass.CrossEntropy, rows, columns, x, default, target, probability, loss);

    /// <summary>dx = (p − onehot(target))·dy[row].</summary>
    public static void CrossEntropyBackward<T>(
        int rows, int columns, ReadOnlySpan<T> probability, ReadOnlySpan<long> target, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Rows(Pass.CrossEntropyBackward, rows, columns, probability, dy, target, dx, default);

    private enum Pass
    {
        Softmax,
        SoftmaxBackward,
        LogSoftmax,
        LogSoftmaxBackward,
        CrossEntropy,
        CrossEntropyBackward,
    }

    private static void Rows<T>(
        Pass pass, int rows, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<long> target, Span<T> y, Span<T> perRow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (rows == 0 || columns == 0)
            return;
        switch (IsaSupport.Current)
        {
            case Isa.Avx512: Rows<Simd512<T>, Vector512<T>, T>(pass, rows, columns, a, b, target, y, perRow); break;
            case Isa.Avx2: Rows<Simd256<T>, Vector256<T>, T>(pass, rows, columns, a, b, target, y, perRow); break;
            case Isa.Neon: Rows<Simd128<T>, Vector128<T>, T>(pass, rows, columns, a, b, target, y, perRow); break;
            default: Rows<SimdScalar<T>, T, T>(pass, rows, columns, a, b, target, y, perRow); break;
        }
    }

    private static void Rows<S, V, T>(
        Pass pass, int rows, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<long> target, Span<T> y, Span<T> perRow)
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* pa = a, pb = b, py = y, pr = perRow)
        fixed (long* pt = target)
        {
            var job = new Job<S, V, T> { Pass = pass, Rows = rows, Columns = columns, A = pa, B = pb, Target = pt, Y = py, PerRow = pr };
            job.RowsPerItem = Math.Max(1, WorkPerItem / columns);
            if (rows <= job.RowsPerItem)
                job.Run(0);
            else
                WorkerPool.For((rows + job.RowsPerItem - 1) / job.RowsPerItem, ref job);
        }
    }

    private struct Job<S, V, T> : IParallelJob
        where S : struct, ISimd<V, T>
        where V : unmanaged
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public Pass Pass;
        public int Rows;
        public int Columns;
        public int RowsPerItem;
        public T* A;
        public T* B;
        public long* Target;
        public T* Y;
        public T* PerRow;

        public readonly void Run(int index)
        {
            var end = Math.Min(Rows, (index + 1) * RowsPerItem);
            for (var r = index * RowsPerItem; r < end; r++)
                Row(r);
        }

        private readonly void Row(int r)
        {
            var offset = (long)r * Columns;
            var a = new ReadOnlySpan<T>(A + offset, Columns);
            var y = new Span<T>(Y + offset, Columns);
            switch (Pass)
            {
                case Pass.Softmax:
                    Normalise(A + offset, Y + offset, out _);
                    break;
                case Pass.SoftmaxBackward:
                    SoftmaxRow<S, V, T>.Backward(Columns, A + offset, B + offset, T.One, Y + offset);
                    break;
                case Pass.LogSoftmax:
                    TensorPrimitives.Subtract(a, TensorPrimitives.Max(a), y);
                    TensorPrimitives.Subtract(y, LogSumExp(y), y);
                    break;
                case Pass.LogSoftmaxBackward:
                    var upstream = new ReadOnlySpan<T>(B + offset, Columns);
                    var sum = Reductions.Sum(upstream);
                    TensorPrimitives.Exp(a, y);
                    TensorPrimitives.MultiplyAdd(y, -sum, upstream, y);
                    break;
                case Pass.CrossEntropy:
                    // The loss comes from the logits, not from ln p: p may have underflowed to 0.
                    var logit = a[(int)Target[r]];
                    PerRow[r] = T.Log(Normalise(A + offset, Y + offset, out var largest)) - (logit - largest);
                    break;
                default:
                    TensorPrimitives.Multiply(a, B[r], y);
                    y[(int)Target[r]] -= B[r];
                    break;
            }
        }

        /// <summary>Writes the softmax of a row; returns its largest number m, and Σ eˣ⁻ᵐ.</summary>
        private readonly T Normalise(T* x, T* y, out T largest)
        {
            largest = SoftmaxRow<S, V, T>.Largest(Columns, x, T.One);
            return SoftmaxRow<S, V, T>.Forward(Columns, x, T.One, y, largest);
        }

        private static T LogSumExp(ReadOnlySpan<T> shifted)
        {
            const int BufferLength = 128;
            Span<T> buffer = stackalloc T[BufferLength];
            var sum = T.Zero;
            for (var i = 0; i < shifted.Length; i += BufferLength)
            {
                var part = shifted.Slice(i, Math.Min(BufferLength, shifted.Length - i));
                TensorPrimitives.Exp(part, buffer);
                sum += TensorPrimitives.Sum<T>(buffer[..part.Length]);
            }
            return T.Log(sum);
        }
    }
}
