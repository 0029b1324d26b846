using System.Numerics;
using System.Numerics.Tensors;

namespace Glia.Kernels;

/// <summary>Normalisation of x[batch, channels, inner] per channel, over batch and inner; a work item is one channel, or with inner = 1 a block of them.</summary>
internal static unsafe class Normalization
{
    /// <summary>Mean and biased variance of each channel, in two passes.</summary>
    public static void Moments<T>(int batch, int channels, int inner, ReadOnlySpan<T> x, Span<T> mean, Span<T> variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, pm = mean, pv = variance)
        {
            var job = new Job<T> { Pass = NormalizationPass.Moments, Batch = batch, Channels = channels, Inner = inner, X = px, Mean = pm, Variance = pv };
            Run(job);
        }
    }

    /// <summary>y = (x − mean)·inverseStd·gamma + beta.</summary>
    public static void Apply<T>(
        int batch, int channels, int inner, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseStd, ReadOnlySpan<T> gamma, ReadOnlySpan<T> beta, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, pm = mean, ps = inverseStd, pg = gamma, pb = beta, py = y)
        {
            var job = new Job<T>
            {
                Pass = NormalizationPass.Apply, Batch = batch, Channels = channels, Inner = inner, X = px, Mean = pm, InverseStd = ps, Gamma = pg, Beta = pb, Y = py,
            };
            Run(job);
        }
    }

    /// <summary>
    /// Gradients through the batch's own statistics, with x̂ = (x − mean)·inverseStd and N = batch·inner:
    /// dβ = Σ dy, dγ = Σ dy·x̂, dx = γ·inverseStd·(dy − dβ/N − x̂·dγ/N).
    /// </summary>
    public static void Backward<T>(
        int batch, int channels, int inner, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverseStd, ReadOnlySpan<T> gamma, ReadOnlySpan<T> dy,
        Span<T> dx, Span<T> dgamma, Span<T> dbeta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* px = x, pm = mean, ps = inverseStd, pg = gamma, pdy = dy, pdx = dx, pdg = dgamma, pdb = dbeta)
        {
            var job = new Job<T>
            {
                Pass = NormalizationPass.Backward, Batch = batch, Channels = channels, Inner = inner, X = px, Mean = pm, InverseStd = ps, Gamma = pg, Dy = pdy, Y = pdx,
                Dgamma = pdg, Dbeta = pdb,
            };
            Run(job);
        }
    }

    private static void Run<T>(Job<T> job)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (job.Inner != 1)
        {
            WorkerPool.For(job.Channels, ref job);
            return;
        }
        new RowsOfChannels<T>
        {
            Pass = job.Pass, Batch = job.Batch, Channels = job.Channels, X = job.X, Mean = job.Mean, Variance = job.Variance, InverseStd = job.InverseStd,
            Gamma = job.Gamma, Beta = job.Beta, Dy = job.Dy, Y = job.Y, Dgamma = job.Dgamma, Dbeta = job.Dbeta,
        }.Run();
    }

    private struct Job<T> : IParallelJob
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public NormalizationPass Pass;
        public int Batch;
        public int Channels;
        public int Inner;
        public T* X;
        public T* Mean;
        public T* Variance;
        public T* InverseStd;
        public T* Gamma;
        public T* Beta;
        public T* Dy;
        public T* Y;
        public T* Dgamma;
        public T* Dbeta;

        public readonly void Run(int c)
        {
            switch (Pass)
            {
                case NormalizationPass.Moments: MomentsOf(c); break;
                case NormalizationPass.Apply: ApplyTo(c); break;
                default: BackwardOf(c); break;
            }
        }

        private readonly long Offset(int n, int c) => (((long)n * Channels) + c) * Inner;

        private readonly void MomentsOf(int c)
        {
            var count = (double)Batch * Inner;
            var sum = 0.0;
            for (var n = 0; n < Batch; n++)
                sum += double.CreateTruncating(Reductions.Sum(new ReadOnlySpan<T>(X + Offset(n, c), Inner)));
            var mean = T.CreateTruncating(sum / count);
            var squares = 0.0;
            for (var n = 0; n < Batch; n++)
            {
                squares += double.CreateTruncating(SumOfSquaredDifferences(new ReadOnlySpan<T>(X + Offset(n, c), Inner), mean));
            }
            Mean[c] = mean;
            Variance[c] = T.CreateTruncating(squares / count);
        }

        private readonly void ApplyTo(int c)
        {
            var scale = InverseStd[c] * Gamma[c];
            var shift = Beta[c] - (Mean[c] * scale);
            for (var n = 0; n < Batch; n++)
            {
                var x = new ReadOnlySpan<T>(X + Offset(n, c), Inner);
                var y = new Span<T>(Y + Offset(n, c), Inner);
                TensorPrimitives.Multiply(x, scale, y);
                TensorPrimitives.Add(y, shift, y);
            }
        }

        private readonly void BackwardOf(int c)
        {
            double sumDy = 0, sumDyX = 0;
            var mean = Mean[c];
            var inverseStd = InverseStd[c];
            for (var n = 0; n < Batch; n++)
            {
                var x = new ReadOnlySpan<T>(X + Offset(n, c), Inner);
                var dy = new ReadOnlySpan<T>(Dy + Offset(n, c), Inner);
                sumDy += double.CreateTruncating(Reductions.Sum(dy));
                sumDyX += double.CreateTruncating(DotWithDifference(dy, x, mean));
            }
            var dbeta = T.CreateTruncating(sumDy);
            var dgamma = T.CreateTruncating(sumDyX) * inverseStd;
            Dbeta[c] = dbeta;
            Dgamma[c] = dgamma;

            // dx = a·dy + b·(x − mean) + d with numbers that depend on the channel only.
            var count = T.CreateTruncating((double)Batch * Inner);
            var a = Gamma[c] * inverseStd;
            var b = -a * inverseStd * dgamma / count;
            var d = -a * dbeta / count;
            for (var n = 0; n < Batch; n++)
            {
                var x = new ReadOnlySpan<T>(X + Offset(n, c), Inner);
                var dy = new ReadOnlySpan<T>(Dy + Offset(n, c), Inner);
                var dx = new Span<T>(Y + Offset(n, c), Inner);
                TensorPrimitives.Subtract(x, mean, dx);
                TensorPrimitives.Multiply(dx, b, dx);
                TensorPrimitives.MultiplyAdd(dy, a, dx, dx);
                TensorPrimitives.Add(dx, d, dx);
            }
        }

        private static T SumOfSquaredDifferences(ReadOnlySpan<T> x, T mean)
        {
            const int BufferLength = 256;
            Span<T> buffer = stackalloc T[BufferLength];
            var sum = T.Zero;
            for (var i = 0; i < x.Length; i += BufferLength)
            {
                var part = buffer[..Math.Min(BufferLength, x.Length - i)];
                TensorPrimitives.Subtract(x.Slice(i, part.Length), mean, part);
                sum += TensorPrimitives.SumOfSquares<T>(part);
            }
            return sum;
        }

        private static T DotWithDifference(ReadOnlySpan<T> dy, ReadOnlySpan<T> x, T mean)
        {
            const int BufferLength = 256;
            Span<T> buffer = stackalloc T[BufferLength];
            var sum = T.Zero;
            for (var i = 0; i < x.Length; i += BufferLength)
            {
                var part = buffer[..Math.Min(BufferLength, x.Length - i)];
                TensorPrimitives.Subtract(x.Slice(i, part.Length), mean, part);
                sum += TensorPrimitives.Dot<T>(part, dy.Slice(i, part.Length));
            }
            return sum;
        }
    }
}

internal enum NormalizationPass
{
    Moments,
    Apply,
    Backward,
}
