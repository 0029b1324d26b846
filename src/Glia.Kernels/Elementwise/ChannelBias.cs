using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>A bias per channel of feature maps [batch, channels, inner] with the activation behind it, and their gradients, in one pass each.</summary>
internal static unsafe class ChannelBias
{
    private const int WorkPerItem = 1 << 14;

    // Sums of more numbers than this grow in double.
    private const int SumBlock = 4096;
    private const int MaxParts = 16;

    /// <summary>y[n, c, :] = act(y[n, c, :] + bias[c]), in place.</summary>
    public static void Add<TOp, T>(TOp activation, int batch, int channels, int inner, ReadOnlySpan<T> bias, Span<T> y)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (batch == 0 || channels == 0 || inner == 0)
            return;
        fixed (T* pb = bias, py = y)
        {
            var planes = new Planes<TOp, T> { Op = activation, Batch = batch, Channels = channels, Inner = inner, Y = py, Bias = pb };
            switch (IsaSupport.Current)
            {
                case Isa.Avx512: AddJob<TOp, T, Lanes512<T>>.Run(planes); break;
                case Isa.Avx2: AddJob<TOp, T, Lanes256<T>>.Run(planes); break;
                case Isa.Neon: AddJob<TOp, T, Lanes128<T>>.Run(planes); break;
                default: AddJob<TOp, T, LanesScalar<T>>.Run(planes); break;
            }
        }
    }

    /// <summary>dz = dy·act′(y), for an activation whose derivative follows from its result, and dbias[c] = Σ dz[:, c, :]; dz is no memory of y or dy.</summary>
    public static void Backward<TOp, T>(
        TOp activation, int batch, int channels, int inner, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dz, Span<T> dbias)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* py = y, pdy = dy, pdz = dz, pdb = dbias)
        {
            var planes = new Planes<TOp, T> { Op = activation, Batch = batch, Channels = channels, Inner = inner, Y = py, Dy = pdy, Dz = pdz, Bias = pdb };
            switch (IsaSupport.Current)
            {
                case Isa.Avx512: BackwardJob<TOp, T, Lanes512<T>>.Run(planes); break;
                case Isa.Avx2: BackwardJob<TOp, T, Lanes256<T>>.Run(planes); break;
                case Isa.Neon: BackwardJob<TOp, T, Lanes128<T>>.Run(planes); break;
                default: BackwardJob<TOp, T, LanesScalar<T>>.Run(planes); break;
            }
        }
    }

    private struct Planes<TOp, T>
        where T : unmanaged
    {
        public TOp Op;
        public int Batch, Channels, Inner;
        public T* Y, Dy, Dz, Bias;
    }

    private struct AddJob<TOp, T, TLanes>(Planes<TOp, T> planes, int planesPerItem) : IParallelJob
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        public static void Run(in Planes<TOp, T> planes)
        {
            var job = new AddJob<TOp, T, TLanes>(planes, Math.Max(1, WorkPerItem / planes.Inner));
            WorkerPool.For((checked(planes.Batch * planes.Channels) - 1) / job._perItem + 1, ref job);
        }

        private readonly Planes<TOp, T> _planes = planes;
        private readonly int _perItem = planesPerItem;

        public readonly void Run(int index)
        {
            var end = (int)Math.Min((index + 1L) * _perItem, _planes.Batch * _planes.Channels);
            for (var plane = index * _perItem; plane < end; plane++)
                Plane(_planes.Op, _planes.Bias[plane % _planes.Channels], _planes.Y + ((nint)plane * _planes.Inner), (nuint)_planes.Inner);
        }

        // Compiled fully at once and by itself, since inlined into its caller the loop keeps calls.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void Plane(TOp op, T bias, T* y, nuint count)
        {
            var added = TLanes.Constant(double.CreateTruncating(bias));
            var (i, width) = ((nuint)0, (nuint)TLanes.Count);
            for (; i + width <= count; i += width)
                TLanes.Store(op.Forward(TLanes.Load(ref *y, i) + added), ref *y, i);
            if (i < count)
                Tail(op, added, y, i, (int)(count - i));
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static void Tail(TOp op, TLanes added, T* y, nuint i, int count) =>
            Sweep.StoreTail(op.Forward(Sweep.LoadTail<T, TLanes>(y, i, count) + added), y, i, count);
    }

    private struct BackwardJob<TOp, T, TLanes> : IParallelJob
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        private Planes<TOp, T> _planes;
        private double* _sums;
        private int _parts;

        public static void Run(in Planes<TOp, T> planes)
        {
            // Memory is read in its order, by parts of the batch; cut by channels it would be read in leaps.
            var parts = Math.Clamp(planes.Batch, 1, MaxParts);
            var job = new BackwardJob<TOp, T, TLanes>
            {
                _planes = planes,
                _sums = Scratch.Get<double>(Scratch.Slot.Tile, (long)parts * planes.Channels),
                _parts = parts,
            };
            WorkerPool.For(parts, (long)planes.Batch * planes.Channels * planes.Inner > WorkPerItem, ref job);
            for (var channel = 0; channel < planes.Channels; channel++)
            {
                var sum = 0.0;
                for (var part = 0; part < parts; part++)
                    sum += job._sums[(nint)part * planes.Channels + channel];
                planes.Bias[channel] = T.CreateTruncating(sum);
            }
        }

        public readonly void Run(int index)
        {
            var sums = _sums + (nint)index * _planes.Channels;
            new Span<double>(sums, _planes.Channels).Clear();
            var end = (int)((index + 1L) * _planes.Batch / _parts);
            for (var n = (int)((long)index * _planes.Batch / _parts); n < end; n++)
            {
                for (var channel = 0; channel < _planes.Channels; channel++)
                {
                    var plane = (((nint)n * _planes.Channels) + channel) * _planes.Inner;
                    for (var from = 0; from < _planes.Inner; from += SumBlock)
                    {
                        var at = plane + from;
                        sums[channel] += Block(_planes.Op, _planes.Y + at, _planes.Dy + at, _planes.Dz + at, (nuint)Math.Min(SumBlock, _planes.Inner - from));
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static double Block(TOp op, T* y, T* dy, T* dz, nuint count)
        {
            var total = TLanes.Constant(0);
            var (i, width) = ((nuint)0, (nuint)TLanes.Count);
            for (; i + width <= count; i += width)
            {
                var value = TLanes.Load(ref *y, i);
                var gradient = TLanes.Load(ref *dy, i) * op.Derivative(value, value);
                TLanes.Store(gradient, ref *dz, i);
                total += gradient;
            }
            if (i == count)
                return Sum(total, 0);
            if (count < width)
                return Tail(op, y, dy, dz, i, (int)(count - i));
            // The last register begins early enough to be whole; what it computes again stays as it was, and counts once.
            var last = count - width;
            var lastValue = TLanes.Load(ref *y, last);
            var lastGradient = TLanes.Load(ref *dy, last) * op.Derivative(lastValue, lastValue);
            TLanes.Store(lastGradient, ref *dz, last);
            return Sum(total, 0) + Sum(lastGradient, (int)(i - last));
        }

        // The lanes beyond the end are left out: the derivative at their 0 need not be finite.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static double Tail(TOp op, T* y, T* dy, T* dz, nuint i, int count)
        {
            var value = Sweep.LoadTail<T, TLanes>(y, i, count);
            Sweep.StoreTail(Sweep.LoadTail<T, TLanes>(dy, i, count) * op.Derivative(value, value), dz, i, count);
            var sum = 0.0;
            for (var k = 0; k < count; k++)
                sum += double.CreateTruncating(dz[i + (nuint)k]);
            return sum;
        }

        private static double Sum(TLanes lanes, int first)
        {
            var parts = stackalloc T[TLanes.Count];
            TLanes.Store(lanes, ref *parts, 0);
            var sum = 0.0;
            for (var k = first; k < TLanes.Count; k++)
                sum += double.CreateTruncating(parts[k]);
            return sum;
        }
    }
}
