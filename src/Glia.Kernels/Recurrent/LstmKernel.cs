using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>
/// A long short-term memory over a whole sequence. The blocks of its 4·hidden gates are i, f, g, o: i, f, o = σ(z[t] + W·h[t − 1]), g = tanh(…),
/// c[t] = f·c[t − 1] + i·g, h[t] = o·tanh(c[t]); z = V·x[t] + b is the input's share.
/// </summary>
internal static unsafe class LstmKernel
{
    private const int Gates = 4;

    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="x">The input, (batch, time, features).</param>
    /// <param name="weightInput">V, (4·hidden, features).</param>
    /// <param name="weight">W, (4·hidden, hidden).</param>
    /// <param name="bias">b, (4·hidden,); empty for 0.</param>
    /// <param name="gates">(batch, time, 4·hidden): i, f, g, o.</param>
    /// <param name="state">(batch, hidden): the initial h; the final one afterwards.</param>
    /// <param name="cell">(batch, hidden): the initial c; the final one afterwards.</param>
    /// <param name="hidden">(batch, time, hidden): h, 0 beyond the lengths.</param>
    /// <param name="cells">(batch, time, hidden): c, 0 beyond the lengths.</param>
    public static void Forward<T>(
        in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> x, ReadOnlySpan<T> weightInput, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> gates, Span<T> state, Span<T> cell,
        Span<T> hidden, Span<T> cells)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (long* l = lengths)
        fixed (T* px = x, pwi = weightInput, pw = weight, pb = bias, pg = gates, ps = state, pc = cell, ph = hidden, pcs = cells)
        {
            var rows = new SequenceRows<T> { Sizes = s, Lengths = l };
            var input = new RecurrentInput<T> { Features = s.FeaturesOf(x.Length), X = px, Weight = pwi, Share = pg };
            Recurrence.Forward<ForwardCell<T>, T>(s, Gates, input, pw, ps, new() { Rows = rows, Bias = pb, Gates = pg, Cell = pc, Hidden = ph, Cells = pcs });
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
        fixed (long* l = lengths)
        fixed (T* pw = weight, pg = gates, pcs = cells, pc0 = initial, pdh = dhidden, pds = dstate, pdc = dcell, pdg = dgates)
        {
            var rows = new SequenceRows<T> { Sizes = s, Lengths = l };
            Recurrence.Backward<BackwardCell<T>, T>(
                s, Gates, pw, pds, new() { Rows = rows, Gates = pg, Cells = pcs, Initial = pc0, DHidden = pdh, DCell = pdc, DGates = pdg });
        }
    }

    private struct ForwardCell<T> : IRecurrentCell<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public SequenceRows<T> Rows;
        public T* Bias;
        public T* Gates;
        public T* Cell;
        public T* Hidden;
        public T* Cells;

        public static bool TakesSum => true;

        public readonly void Row<TLanes>(in CellRow<T> at)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var hidden = Rows.At(Hidden, at);
            var cells = Rows.At(Cells, at);
            if (!Rows.IsValid(at))
            {
                Rows.Clear(hidden, at);
                Rows.Clear(cells, at);
                SequenceRows<T>.Keep(at);
                return;
            }
            var gates = Rows.At(Gates, at, LstmKernel.Gates);
            var n = Rows.Sizes.Hidden;
            Gates<T>.Sigmoid<TLanes>(at, 0, 2, n, gates, Bias);
            Gates<T>.Tanh<TLanes>(at, 2, n, gates, Bias);
            Gates<T>.Sigmoid<TLanes>(at, 3, 1, n, gates, Bias);
            var pass = new StatePass<T> { Width = (nuint)n, Gates = gates, State = at.To, Cell = Rows.Of(Cell, at), Hidden = hidden, Cells = cells };
            Recurrence.Sweep<StatePass<T>, T, TLanes>(pass, at.Unit, at.Units);
        }
    }

    private struct BackwardCell<T> : IRecurrentCell<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public SequenceRows<T> Rows;
        public T* Gates;
        public T* Cells;
        public T* Initial;
        public T* DHidden;
        public T* DCell;
        public T* DGates;

        public readonly void Row<TLanes>(in CellRow<T> at)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var dgates = Rows.At(DGates, at, LstmKernel.Gates);
            if (!Rows.IsValid(at))
            {
                Rows.Clear(dgates, at, LstmKernel.Gates);
                Rows.Clear(at.Product, at, LstmKernel.Gates);
                return;
            }
            var pass = new BackwardPass<T>
            {
                Width = (nuint)Rows.Sizes.Hidden,
                Gates = Rows.At(Gates, at, LstmKernel.Gates),
                Cell = Rows.At(Cells, at),
                Before = Rows.Before(Cells, Initial, at),
                DHidden = Rows.At(DHidden, at),
                DState = at.To,
                DCell = Rows.Of(DCell, at),
                DGates = dgates,
                DProduct = at.Product,
            };
            Recurrence.Sweep<BackwardPass<T>, T, TLanes>(pass, at.Unit, at.Units);
        }
    }

    /// <summary>The new state from the gates.</summary>
    private struct StatePass<T> : ICellPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public nuint Width;
        public T* Gates;
        public T* State;
        public T* Cell;
        public T* Hidden;
        public T* Cells;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TAccess>(nuint k, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var (i, f) = (at.Load<T, TLanes>(Gates, k), at.Load<T, TLanes>(Gates + Width, k));
            var (g, o) = (at.Load<T, TLanes>(Gates + (2 * Width), k), at.Load<T, TLanes>(Gates + (3 * Width), k));
            var c = (f * at.Load<T, TLanes>(Cell, k)) + (i * g);
            var h = o * TLanes.Tanh(c);
            at.Store(c, Cell, k);
            at.Store(c, Cells, k);
            at.Store(h, State, k);
            at.Store(h, Hidden, k);
        }
    }

    private struct BackwardPass<T> : ICellPass<T>
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
        public T* DProduct;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TAccess>(nuint k, TAccess at)
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
            Store(dc * g * i * (one - i), k, at);
            Store(dc * at.Load<T, TLanes>(Before, k) * f * (one - f), Width + k, at);
            Store(dc * i * (one - (g * g)), (2 * Width) + k, at);
            Store(dh * squashed * o * (one - o), (3 * Width) + k, at);
            at.Store(dc * f, DCell, k);
            at.Store(TLanes.Constant(0), DState, k);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Store<TLanes, TAccess>(TLanes dz, nuint k, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            at.Store(dz, DGates, k);
            at.Store(dz, DProduct, k);
        }
    }
}
