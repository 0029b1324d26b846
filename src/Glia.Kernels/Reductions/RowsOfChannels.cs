using System.Numerics;
using System.Numerics.Tensors;

namespace Glia.Kernels;

/// <summary>
/// Normalisation of x[batch, channels] per channel, over the batch: <see cref="Normalization"/> where every row holds one number of each channel. A
/// work item is a block of channels, so that each row is read in vectors.
/// </summary>
internal unsafe struct RowsOfChannels<T> : IParallelJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int BlockLength = 128;
    // Rows summed in T before their sum goes to double.
    private const int BlockRows = 256;

    public NormalizationPass Pass;
    public int Batch, Channels;
    public T* X, Mean, Variance, InverseStd, Gamma, Beta, Dy, Y, Dgamma, Dbeta;

    public void Run() => WorkerPool.For((Channels + BlockLength - 1) / BlockLength, ref this);

    public readonly void Run(int index)
    {
        var first = index * BlockLength;
        var length = Math.Min(BlockLength, Channels - first);
        switch (Pass)
        {
            case NormalizationPass.Moments: MomentsOf(first, length); break;
            case NormalizationPass.Apply: ApplyTo(first, length); break;
            default: BackwardOf(first, length); break;
        }
    }

    private readonly Span<T> Row(T* data, int n, int first, int length) => new(data + ((long)n * Channels) + first, length);

    private readonly void MomentsOf(int first, int length)
    {
        Span<double> total = stackalloc double[BlockLength];
        Span<T> sum = stackalloc T[length], part = stackalloc T[length];
        var mean = new Span<T>(Mean + first, length);
        total.Clear();
        for (var start = 0; start < Batch; start += BlockRows)
        {
            sum.Clear();
            for (var n = start; n < Math.Min(Batch, start + BlockRows); n++)
                TensorPrimitives.Add(sum, Row(X, n, first, length), sum);
            AddTo(total, sum);
        }
        Divide(total, mean);
        total.Clear();
        for (var start = 0; start < Batch; start += BlockRows)
        {
            sum.Clear();
            for (var n = start; n < Math.Min(Batch, start + BlockRows); n++)
            {
                TensorPrimitives.Subtract(Row(X, n, first, length), mean, part);
                TensorPrimitives.MultiplyAdd(part, part, sum, sum);
            }
            AddTo(total, sum);
        }
        Divide(total, new Span<T>(Variance + first, length));
    }

    private readonly void ApplyTo(int first, int length)
    {
        Span<T> scale = stackalloc T[length], shift = stackalloc T[length];
        for (var c = 0; c < length; c++)
        {
            scale[c] = InverseStd[first + c] * Gamma[first + c];
            shift[c] = Beta[first + c] - (Mean[first + c] * scale[c]);
        }
        for (var n = 0; n < Batch; n++)
            TensorPrimitives.MultiplyAdd(Row(X, n, first, length), scale, shift, Row(Y, n, first, length));
    }

    private readonly void BackwardOf(int first, int length)
    {
        Span<double> totalDy = stackalloc double[BlockLength], totalDyX = stackalloc double[BlockLength];
        Span<T> sumDy = stackalloc T[length], sumDyX = stackalloc T[length], part = stackalloc T[length];
        var mean = new Span<T>(Mean + first, length);
        totalDy.Clear();
        totalDyX.Clear();
        for (var start = 0; start < Batch; start += BlockRows)
        {
            sumDy.Clear();
            sumDyX.Clear();
            for (var n = start; n < Math.Min(Batch, start + BlockRows); n++)
            {
                var dy = Row(Dy, n, first, length);
                TensorPrimitives.Add(sumDy, dy, sumDy);
                TensorPrimitives.Subtract(Row(X, n, first, length), mean, part);
                TensorPrimitives.MultiplyAdd(part, dy, sumDyX, sumDyX);
            }
            AddTo(totalDy, sumDy);
            AddTo(totalDyX, sumDyX);
        }

        // dx = a·dy + b·(x − mean) + d with numbers that depend on the channel only.
        Span<T> a = stackalloc T[length], b = stackalloc T[length], d = stackalloc T[length];
        var count = T.CreateTruncating(Batch);
        for (var c = 0; c < length; c++)
        {
            var inverseStd = InverseStd[first + c];
            Dbeta[first + c] = T.CreateTruncating(totalDy[c]);
            Dgamma[first + c] = T.CreateTruncating(totalDyX[c]) * inverseStd;
            a[c] = Gamma[first + c] * inverseStd;
            b[c] = -a[c] * inverseStd * Dgamma[first + c] / count;
            d[c] = -a[c] * Dbeta[first + c] / count;
        }
        for (var n = 0; n < Batch; n++)
        {
            var dx = Row(Y, n, first, length);
            TensorPrimitives.Subtract(Row(X, n, first, length), mean, dx);
            TensorPrimitives.MultiplyAdd(dx, b, d, dx);
            TensorPrimitives.MultiplyAdd(Row(Dy, n, first, length), a, dx, dx);
        }
    }

    private static void AddTo(Span<double> total, ReadOnlySpan<T> sum)
    {
        for (var c = 0; c < sum.Length; c++)
            total[c] += double.CreateTruncating(sum[c]);
    }

    private readonly void Divide(ReadOnlySpan<double> total, Span<T> result)
    {
        for (var c = 0; c < result.Length; c++)
            result[c] = T.CreateTruncating(total[c] / Batch);
    }
}
