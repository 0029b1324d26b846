using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>A simple recurrent cell, h[t] = act(z[t] + W·h[t − 1]), over a whole sequence; z is the input's share with the bias.</summary>
internal static unsafe class SimpleRnnKernel
{
    /// <param name="activation">act, whose derivative follows from its result.</param>
    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="weight">W, (hidden, hidden).</param>
    /// <param name="state">(batch, hidden): the initial state; the final one afterwards.</param>
    /// <param name="hidden">(batch, time, hidden): z; h afterwards, 0 beyond the lengths.</param>
    public static void Forward<TOp, T>(TOp activation, in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> weight, Span<T> state, Span<T> hidden)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (s.Batch == 0)
            return;
        var n = s.Hidden;
        fixed (long* l = lengths)
        fixed (T* ps = state, ph = hidden)
        {
            for (var step = 0; step < s.Steps; step++)
            {
                var time = s.TimeOf(step);
                Gemm.Multiply(false, true, s.Batch, n, n, state, n, weight, n, hidden[(time * n)..], s.Steps * n, accumulate: true);
                Recurrence.ForRows(s.Batch, n, new ForwardRows<TOp, T> { Op = activation, Rows = new() { Sizes = s, Time = time, Lengths = l }, State = ps, Hidden = ph });
            }
        }
    }

    /// <param name="activation">act, whose derivative follows from its result.</param>
    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="weight">W, (hidden, hidden).</param>
    /// <param name="hidden">h as <see cref="Forward"/> left it.</param>
    /// <param name="dhidden">∂ℓ/∂h of every step; empty for 0.</param>
    /// <param name="dstate">(batch, hidden): ∂ℓ/∂ final state; ∂ℓ/∂ initial state afterwards.</param>
    /// <param name="dz">(batch, time, hidden): ∂ℓ/∂z.</param>
    public static void Backward<TOp, T>(
        TOp activation, in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> weight, ReadOnlySpan<T> hidden, ReadOnlySpan<T> dhidden, Span<T> dstate, Span<T> dz)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (s.Batch == 0)
            return;
        var n = s.Hidden;
        fixed (long* l = lengths)
        fixed (T* ph = hidden, pdh = dhidden, pds = dstate, pdz = dz)
        {
            for (var step = s.Steps - 1; step >= 0; step--)
            {
                var rows = new StepRows<T> { Sizes = s, Time = s.TimeOf(step), Lengths = l };
                Recurrence.ForRows(s.Batch, n, new BackwardRows<TOp, T> { Op = activation, Rows = rows, Hidden = ph, DHidden = pdh, DState = pds, Dz = pdz });
                Gemm.Multiply(false, false, s.Batch, n, n, dz[(rows.Time * n)..], s.Steps * n, weight, n, dstate, n, accumulate: true);
            }
        }
    }

    private struct ForwardRows<TOp, T> : IRows
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public StepRows<T> Rows;
        public T* State;
        public T* Hidden;

        public readonly void Row(int row)
        {
            if (Rows.Time >= Rows.LengthOf(row))
            {
                Rows.Span(Rows.At(Hidden, row)).Clear();
                return;
            }
            Sweep.RunHere<ForwardPass<TOp, T>, T>(new() { Op = Op, Hidden = Rows.At(Hidden, row), State = Rows.Of(State, row) }, Rows.Sizes.Hidden);
        }
    }

    private struct BackwardRows<TOp, T> : IRows
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public StepRows<T> Rows;
        public T* Hidden;
        public T* DHidden;
        public T* DState;
        public T* Dz;

        public readonly void Row(int row)
        {
            if (Rows.Time >= Rows.LengthOf(row))
            {
                Rows.Span(Rows.At(Dz, row)).Clear();
                return;
            }
            var pass = new BackwardPass<TOp, T>
            {
                Op = Op,
                Hidden = Rows.At(Hidden, row),
                DHidden = DHidden == null ? null : Rows.At(DHidden, row),
                DState = Rows.Of(DState, row),
                Dz = Rows.At(Dz, row),
            };
            Sweep.RunHere<BackwardPass<TOp, T>, T>(pass, Rows.Sizes.Hidden);
        }
    }

    private struct ForwardPass<TOp, T> : IPass<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T* Hidden;
        public T* State;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, FullAccess>(i, default);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, TailAccess>(i, new(count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Apply<TLanes, TAccess>(nuint i, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var h = Op.Forward(at.Load<T, TLanes>(Hidden, i));
            at.Store(h, Hidden, i);
            at.Store(h, State, i);
        }
    }

    private struct BackwardPass<TOp, T> : IPass<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T* Hidden;
        public T* DHidden;
        public T* DState;
        public T* Dz;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, FullAccess>(i, default);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, TailAccess>(i, new(count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Apply<TLanes, TAccess>(nuint i, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var (h, dh) = (at.Load<T, TLanes>(Hidden, i), at.Load<T, TLanes>(DState, i));
            if (DHidden != null)
                dh += at.Load<T, TLanes>(DHidden, i);
            at.Store(dh * Op.Derivative(h, h), Dz, i);
            at.Store(TLanes.Constant(0), DState, i);
        }
    }
}
