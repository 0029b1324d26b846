using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>
/// A gated recurrent unit over a whole sequence. The blocks of its 3·hidden gates are r, z, n: r, z = σ(x + W·h[t − 1]), n = tanh(x + r·q) with
/// q = W·h[t − 1] + b, h[t] = (1 − z)·n + z·h[t − 1]; x is the input's share with the bias.
/// </summary>
internal static unsafe class GruKernel
{
    private const int Gates = 3;

    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="weight">W, (3·hidden, hidden).</param>
    /// <param name="bias">b, (hidden,); empty for 0.</param>
    /// <param name="gates">(batch, time, 3·hidden): x; r, z, n afterwards.</param>
    /// <param name="products">(batch, time, hidden): q.</param>
    /// <param name="state">(batch, hidden): the initial state; the final one afterwards.</param>
    /// <param name="hidden">(batch, time, hidden): h, 0 beyond the lengths.</param>
    public static void Forward<T>(
        in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> gates, Span<T> products, Span<T> state, Span<T> hidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (s.Batch == 0)
            return;
        var (n, wide) = (s.Hidden, Gates * s.Hidden);
        var share = Scratch.Get<T>(Scratch.Slot.Recurrent, (long)s.Batch * wide);
        fixed (long* l = lengths)
        fixed (T* pb = bias, pg = gates, pq = products, ps = state, ph = hidden)
        {
            for (var step = 0; step < s.Steps; step++)
            {
                var rows = new StepRows<T> { Sizes = s, Time = s.TimeOf(step), Lengths = l };
                Gemm.Multiply(false, true, s.Batch, wide, n, state, n, weight, n, new Span<T>(share, s.Batch * wide), wide, accumulate: false);
                Recurrence.ForRows(s.Batch, n, new ForwardRows<T> { Rows = rows, Share = share, Bias = pb, Gates = pg, Products = pq, State = ps, Hidden = ph });
            }
        }
    }

    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="weight">W, (3·hidden, hidden).</param>
    /// <param name="gates">r, z, n as <see cref="Forward"/> left them.</param>
    /// <param name="products">q of every step.</param>
    /// <param name="hidden">h of every step.</param>
    /// <param name="initial">The initial h.</param>
    /// <param name="dhidden">∂ℓ/∂h of every step; empty for 0.</param>
    /// <param name="dstate">(batch, hidden): ∂ℓ/∂ final h; ∂ℓ/∂ initial h afterwards.</param>
    /// <param name="dgates">(batch, time, 3·hidden): ∂ℓ/∂x.</param>
    /// <param name="dproducts">(batch, time, 3·hidden): ∂ℓ/∂(W·h[t − 1]).</param>
    public static void Backward<T>(
        in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> weight, ReadOnlySpan<T> gates, ReadOnlySpan<T> products, ReadOnlySpan<T> hidden,
        ReadOnlySpan<T> initial, ReadOnlySpan<T> dhidden, Span<T> dstate, Span<T> dgates, Span<T> dproducts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (s.Batch == 0)
            return;
        var (n, wide) = (s.Hidden, Gates * s.Hidden);
        fixed (long* l = lengths)
        fixed (T* pg = gates, pq = products, ph = hidden, ph0 = initial, pdh = dhidden, pds = dstate, pdg = dgates, pdq = dproducts)
        {
            for (var step = s.Steps - 1; step >= 0; step--)
            {
                var rows = new StepRows<T> { Sizes = s, Time = s.TimeOf(step), Lengths = l };
                Recurrence.ForRows(s.Batch, n, new BackwardRows<T>
                {
                    Rows = rows,
                    Gates = pg,
                    Products = pq,
                    Hidden = ph,
                    Initial = ph0,
                    DHidden = pdh,
                    DState = pds,
                    DGates = pdg,
                    DProducts = pdq,
                });
                Gemm.Multiply(false, false, s.Batch, n, wide, dproducts[(rows.Time * wide)..], s.Steps * wide, weight, n, dstate, n, accumulate: true);
            }
        }
    }

    private struct ForwardRows<T> : IRows
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public StepRows<T> Rows;
        public T* Share;
        public T* Bias;
        public T* Gates;
        public T* Products;
        public T* State;
        public T* Hidden;

        public readonly void Row(int row)
        {
            var hidden = Rows.At(Hidden, row);
            if (Rows.Time >= Rows.LengthOf(row))
            {
                Rows.Span(hidden).Clear();
                return;
            }
            var pass = new ForwardPass<T>
            {
                Width = (nuint)Rows.Sizes.Hidden,
                Share = Share + ((long)row * GruKernel.Gates * Rows.Sizes.Hidden),
                Bias = Bias,
                Gates = Rows.At(Gates, row, GruKernel.Gates),
                Product = Rows.At(Products, row),
                State = Rows.Of(State, row),
                Hidden = hidden,
            };
            Sweep.RunHere<ForwardPass<T>, T>(pass, Rows.Sizes.Hidden);
        }
    }

    private struct BackwardRows<T> : IRows
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public StepRows<T> Rows;
        public T* Gates;
        public T* Products;
        public T* Hidden;
        public T* Initial;
        public T* DHidden;
        public T* DState;
        public T* DGates;
        public T* DProducts;

        public readonly void Row(int row)
        {
            var dgates = Rows.At(DGates, row, GruKernel.Gates);
            var dproducts = Rows.At(DProducts, row, GruKernel.Gates);
            if (Rows.Time >= Rows.LengthOf(row))
            {
                Rows.Span(dgates, GruKernel.Gates).Clear();
                Rows.Span(dproducts, GruKernel.Gates).Clear();
                return;
            }
            var pass = new BackwardPass<T>
            {
                Width = (nuint)Rows.Sizes.Hidden,
                Gates = Rows.At(Gates, row, GruKernel.Gates),
                Product = Rows.At(Products, row),
                Before = Rows.Before(Hidden, Initial, row),
                DHidden = DHidden == null ? null : Rows.At(DHidden, row),
                DState = Rows.Of(DState, row),
                DGates = dgates,
                DProducts = dproducts,
            };
            Sweep.RunHere<BackwardPass<T>, T>(pass, Rows.Sizes.Hidden);
        }
    }

    private struct ForwardPass<T> : IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public nuint Width;
        public T* Share;
        public T* Bias;
        public T* Gates;
        public T* Product;
        public T* State;
        public T* Hidden;

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
            var r = TLanes.Sigmoid(at.Load<T, TLanes>(Gates, i) + at.Load<T, TLanes>(Share, i));
            var z = TLanes.Sigmoid(at.Load<T, TLanes>(Gates + Width, i) + at.Load<T, TLanes>(Share + Width, i));
            var q = at.Load<T, TLanes>(Share + (2 * Width), i);
            if (Bias != null)
                q += at.Load<T, TLanes>(Bias, i);
            var n = TLanes.Tanh(at.Load<T, TLanes>(Gates + (2 * Width), i) + (r * q));
            var h = ((TLanes.Constant(1) - z) * n) + (z * at.Load<T, TLanes>(State, i));
            at.Store(r, Gates, i);
            at.Store(z, Gates + Width, i);
            at.Store(n, Gates + (2 * Width), i);
            at.Store(q, Product, i);
            at.Store(h, State, i);
            at.Store(h, Hidden, i);
        }
    }

    private struct BackwardPass<T> : IPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public nuint Width;
        public T* Gates;
        public T* Product;
        public T* Before;
        public T* DHidden;
        public T* DState;
        public T* DGates;
        public T* DProducts;

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
            var one = TLanes.Constant(1);
            var r = at.Load<T, TLanes>(Gates, i);
            var z = at.Load<T, TLanes>(Gates + Width, i);
            var n = at.Load<T, TLanes>(Gates + (2 * Width), i);
            var dh = at.Load<T, TLanes>(DState, i);
            if (DHidden != null)
                dh += at.Load<T, TLanes>(DHidden, i);
            var dz = dh * (at.Load<T, TLanes>(Before, i) - n) * z * (one - z);
            var dn = dh * (one - z) * (one - (n * n));
            var dr = dn * at.Load<T, TLanes>(Product, i) * r * (one - r);
            at.Store(dr, DGates, i);
            at.Store(dz, DGates + Width, i);
            at.Store(dn, DGates + (2 * Width), i);
            at.Store(dr, DProducts, i);
            at.Store(dz, DProducts + Width, i);
            at.Store(dn * r, DProducts + (2 * Width), i);
            at.Store(dh * z, DState, i);
        }
    }
}
