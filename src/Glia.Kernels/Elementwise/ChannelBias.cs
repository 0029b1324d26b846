using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>A bias per channel of feature maps [batch, channels, inner] with the activation behind it, and their gradients, in one pass each.</summary>
internal static unsafe class ChannelBias
{
    private const int WorkPerItem = 1 << 14;

    /// <summary>y[n, c, :] = act(y[n, c, :] + bias[c]), in place.</summary>
    public static void Add<TOp, T>(TOp activation, int batch, int channels, int inner, ReadOnlySpan<T> bias, Span<T> y)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch == 0 || channels == 0 || inner == 0)
            return;
        fixed (T* pb = bias, py = y)
        {
            var job = new AddJob<TOp, T> { Op = activation, Planes = checked(batch * channels), Channels = channels, Inner = inner, Bias = pb, Y = py };
            job.PlanesPerItem = Math.Max(1, WorkPerItem / inner);
            WorkerPool.For((job.Planes - 1) / job.PlanesPerItem + 1, ref job);
        }
    }

    /// <summary>dz = dy·act′(y), for an activation whose derivative follows from its result, and dbias[c] = Σ dz[:, c, :].</summary>
    public static void Backward<TOp, T>(
        TOp activation, int batch, int channels, int inner, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dz, Span<T> dbias)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* py = y, pdy = dy, pdz = dz, pdb = dbias)
        {
            var job = new BackwardJob<TOp, T> { Op = activation, Batch = batch, Channels = channels, Inner = inner, Y = py, Dy = pdy, Dz = pdz, Dbias = pdb };
            WorkerPool.For(channels, (long)batch * channels * inner > WorkPerItem, ref job);
        }
    }

    private struct AddJob<TOp, T> : IParallelJob
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public int Planes, Channels, Inner, PlanesPerItem;
        public T* Bias;
        public T* Y;

        public readonly void Run(int index)
        {
            var end = (int)Math.Min((index + 1L) * PlanesPerItem, Planes);
            for (var plane = index * PlanesPerItem; plane < end; plane++)
                Sweep.RunHere<AddPass<TOp, T>, T>(new() { Op = Op, Bias = Bias[plane % Channels], Y = Y + (nint)plane * Inner }, Inner);
        }
    }

    private struct AddPass<TOp, T> : IPass<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T Bias;
        public T* Y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.Store(Op.Forward(TLanes.Load(ref *Y, i) + TLanes.Constant(double.CreateTruncating(Bias))), ref *Y, i);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T> => Sweep.StoreTail(Op.Forward(Sweep.LoadTail<T, TLanes>(Y, i, count) + TLanes.Constant(double.CreateTruncating(Bias))), Y, i, count);
    }

    private struct BackwardJob<TOp, T> : IParallelJob
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public int Batch, Channels, Inner;
        public T* Y, Dy, Dz, Dbias;

        public readonly void Run(int index)
        {
            var sum = 0.0;
            for (var n = 0; n < Batch; n++)
            {
                var at = ((nint)n * Channels + index) * Inner;
                var y = new ReadOnlySpan<T>(Y + at, Inner);
                var dz = new Span<T>(Dz + at, Inner);
                Elementwise.MapBackward(Op, y, y, new ReadOnlySpan<T>(Dy + at, Inner), dz);
                sum += double.CreateTruncating(Reductions.Sum<T>(dz));
            }
            Dbias[index] = T.CreateTruncating(sum);
        }
    }
}
