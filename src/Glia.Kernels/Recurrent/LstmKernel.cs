using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>
/// A long short-term memory over a whole sequence. The blocks of its 4·hidden gates are i, f, g, o: i, f, o = σ(z + W·h[t − 1]), g = tanh(…),
/// c[t] = f·c[t − 1] + i·g, h[t] = o·tanh(c[t]); z is the input's share with the bias.
/// </summary>
internal static unsafe class LstmKernel
{
    private const int Gates = 4;

    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="weight">W, (4·hidden, hidden).</param>
    /// <param name="gates">(batch, time, 4·hidden): z; i, f, g, o afterwards.</param>
    /// <param name="state">(batch, hidden): the initial h; the final one afterwards.</param>
    /// <param name="cell">(batch, hidden): the initial c; the final one afterwards.</param>
    /// <param name="hidden">(batch, time, hidden): h, 0 beyond the lengths.</param>
    /// <param name="cells">(batch, time, hidden): c, 0 beyond the lengths.</param>
    public static void Forward<T>(
        in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> weight, Span<T> gates, Span<T> state, Span<T> cell, Span<T> hidden, Span<T> cells)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (s.Batch == 0)
            return;
        var (n, wide) = (s.Hidden, Gates * s.Hidden);
        fixed (long* l = lengths)
        fixed (T* pg = gates, ps = state, pc = cell, ph = hidden, pcs = cells)
        {
            for (var step = 0; step < s.Steps; step++)
            {
                var time = s.TimeOf(step);
                Gemm.Multiply(false, true, s.Batch, wide, n, state, n, weight, n, gates[(time * wide)..], s.Steps * wide, accumulate: true);
                var rows = new StepRows<T> { Sizes = s, Time = time, Lengths = l };
                Recurrence.ForRows(s.Batch, n, new ForwardRows<T> { Rows = rows, Gates = pg, State = ps, Cell = pc, Hidden = ph, Cells = pcs });
            }
        }
    }

    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="weight">W, (4·hidden, hidden).</param>
    /// <param name="gates">i, f, g, o as <see cref="Forward"/> left them.</param>
    /// <param name="cells">c of every step.</param>
    /// <param name="initial">The initial c.</param>
    /// <param name="dhidden">∂ℓ/∂h of every step; empty for 0.</param>
    /// <param name="dstate">(batch, hidden): ∂ℓ/∂ final h; ∂ℓ/∂ initial h afterwards.</param>
    /// <param name="dcell">(batch, hidden): ∂ℓ/∂ final c; ∂ℓ/∂ initial c afterwards.</param>
    /// <param name="dgates">(batch, time, 4·hidden): ∂ℓ/∂z.</param>
    public static void Backward<T>(
        in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> weight, ReadOnlySpan<T> gates, ReadOnlySpan<T> cells, ReadOnlySpan<T> initial,
        ReadOnlySpan<T> dhidden, Span<T> dstate, Span<T> dcell, Span<T> dgates)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (s.Batch == 0)
            return;
        var (n, wide) = (s.Hidden, Gates * s.Hidden);
        fixed (long* l = lengths)
        fixed (T* pg = gates, pcs = cells, pc0 = initial, pdh = dhidden, pds = dstate, pdc = dcell, pdg = dgates)
        {
            for (var step = s.Steps - 1; step >= 0; step--)
            {
                var rows = new StepRows<T> { Sizes = s, Time = s.TimeOf(step), Lengths = l };
                Recurrence.ForRows(s.Batch, n, new BackwardRows<T>
                {
                    Rows = rows,
                    Gates = pg,
                    Cells = pcs,
                    Initial = pc0,
                    DHidden = pdh,
                    DState = pds,
                    DCell = pdc,
                    DGates = pdg,
                });
                Gemm.Multiply(false, false, s.Batch, n, wide, dgates[(rows.Time * wide)..], s.Steps * wide, weight, n, dstate, n, accumulate: true);
            }
        }
    }

    private struct ForwardRows<T> : IRows
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public StepRows<T> Rows;
        public T* Gates;
        public T* State;
        public T* Cell;
        public T* Hidden;
        public T* Cells;

        public readonly void Row(int row)
        {
            var hidden = Rows.At(Hidden, row);
            var cells = Rows.At(Cells, row);
            if (Rows.Time >= Rows.LengthOf(row))
            {
                Rows.Span(hidden).Clear();
                Rows.Span(cells).Clear();
                return;
            }
            var pass = new ForwardPass<T>
            {
                Width = (nuint)Rows.Sizes.Hidden,
                Gates = Rows.At(Gates, row, LstmKernel.Gates),
                State = Rows.Of(State, row),
                Cell = Rows.Of(Cell, row),
                Hidden = hidden,
                Cells = cells,
            };
            Sweep.RunHere<ForwardPass<T>, T>(pass, Rows.Sizes.Hidden);
        }
    }

    private struct BackwardRows<T> : IRows
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public StepRows<T> Rows;
        public T* Gates;
        public T* Cells;
        public T* Initial;
        public T* DHidden;
        public T* DState;
        public T* DCell;
        public T* DGates;

        public readonly void Row(int row)
        {
            var dgates = Rows.At(DGates, row, LstmKernel.Gates);
            if (Rows.Time >= Rows.LengthOf(row))
            {
                Rows.Span(dgates, LstmKernel.Gates).Clear();
                return;
            }
            var pass = new BackwardPass<T>
            {
                Width = (nuint)Rows.Sizes.Hidden,
                Gates = Rows.At(Gates, row, LstmKernel.Gates),
                Cell = Rows.At(Cells, row),
                Before = Rows.Before(Cells, Initial, row),
                DHidden = DHidden == null ? null : Rows.At(DHidden, row),
                DState = Rows.Of(DState, row),
                DCell = Rows.Of(DCell, row),
                DGates = dgates,
            };
            Sweep.RunHere<BackwardPass<T>, T>(pass, Rows.Sizes.Hidden);
        }
    }

    private struct ForwardPass<T> : IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public nuint Width;
        public T* Gates;
        public T* State;
        public T* Cell;
        public T* Hidden;
        public T* Cells;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, FullAccess>(i, default);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, TailAccess>(i, new(count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Apply<TLanes, TAccess>(nuint k, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var i = TLanes.Sigmoid(at.Load<T, TLanes>(Gates, k));
            var f = TLanes.Sigmoid(at.Load<T, TLanes>(Gates + Width, k));
            var g = TLanes.Tanh(at.Load<T, TLanes>(Gates + (2 * Width), k));
            var o = TLanes.Sigmoid(at.Load<T, TLanes>(Gates + (3 * Width), k));
            var c = (f * at.Load<T, TLanes>(Cell, k)) + (i * g);
            var h = o * TLanes.Tanh(c);
            at.Store(i, Gates, k);
            at.Store(f, Gates + Width, k);
            at.Store(g, Gates + (2 * Width), k);
            at.Store(o, Gates + (3 * Width), k);
            at.Store(c, Cell, k);
            at.Store(c, Cells, k);
            at.Store(h, State, k);
            at.Store(h, Hidden, k);
        }
    }

    private struct BackwardPass<T> : IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public nuint Width;
        public T* Gates;
        public T* Cell;
        public T* Before;
        public T* DHidden;
        public T* DState;
        public T* DCell;
        public T* DGates;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, FullAccess>(i, default);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T> => Apply<TLanes, TailAccess>(i, new(count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Apply<TLanes, TAccess>(nuint k, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var one = TLanes.Constant(1);
            var i = at.Load<T, TLanes>(Gates, k);
            var f = at.Load<T, TLanes>(Gates + Width, k);
            var g = at.Load<T, TLanes>(Gates + (2 * Width), k);
            var o = at.Load<T, TLanes>(Gates + (3 * Width), k);
            var squashed = TLanes.Tanh(at.Load<T, TLanes>(Cell, k));
            var dh = at.Load<T, TLanes>(DState, k);
            if (DHidden != null)
                dh += at.Load<T, TLanes>(DHidden, k);
            var dc = at.Load<T, TLanes>(DCell, k) + (dh * o * (one - (squashed * squashed)));
            at.Store(dc * g * i * (one - i), DGates, k);
            at.Store(dc * at.Load<T, TLanes>(Before, k) * f * (one - f), DGates + Width, k);
            at.Store(dc * i * (one - (g * g)), DGates + (2 * Width), k);
            at.Store(dh * squashed * o * (one - o), DGates + (3 * Width), k);
            at.Store(dc * f, DCell, k);
            at.Store(TLanes.Constant(0), DState, k);
        }
    }
}
