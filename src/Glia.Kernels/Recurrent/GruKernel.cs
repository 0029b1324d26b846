using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>
/// A gated recurrent unit over a whole sequence. The blocks of its 3·hidden gates are r, z, n: r, z = σ(x + W·h[t − 1]), n = tanh(x + r·q) with
/// q = W·h[t − 1] + b, h[t] = (1 − z)·n + z·h[t − 1]; x[t] = V·input + its bias.
/// </summary>
internal static unsafe class GruKernel
{
    private const int Gates = 3;

    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="x">The input, (batch, time, features).</param>
    /// <param name="weightInput">V, (3·hidden, features).</param>
    /// <param name="weight">W, (3·hidden, hidden).</param>
    /// <param name="bias">The bias of x, (3·hidden,); empty for 0.</param>
    /// <param name="productBias">b, (hidden,); empty for 0.</param>
    /// <param name="gates">(batch, time, 3·hidden): r, z, n.</param>
    /// <param name="products">(batch, time, hidden): q.</param>
    /// <param name="state">(batch, hidden): the initial state; the final one afterwards.</param>
    /// <param name="hidden">(batch, time, hidden): h, 0 beyond the lengths.</param>
    public static void Forward<T>(
        in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> x, ReadOnlySpan<T> weightInput, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, ReadOnlySpan<T> productBias, Span<T> gates,
        Span<T> products, Span<T> state, Span<T> hidden)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (long* l = lengths)
        fixed (T* px = x, pwi = weightInput, pw = weight, pb = bias, pbq = productBias, pg = gates, pq = products, ps = state, ph = hidden)
        {
            var rows = new SequenceRows<T> { Sizes = s, Lengths = l };
            var input = new RecurrentInput<T> { Features = s.FeaturesOf(x.Length), X = px, Weight = pwi, Share = pg };
            Recurrence.Forward<ForwardCell<T>, T>(s, Gates, input, pw, ps, new() { Rows = rows, Bias = pb, ProductBias = pbq, Gates = pg, Products = pq, Hidden = ph });
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
        fixed (long* l = lengths)
        fixed (T* pw = weight, pg = gates, pq = products, ph = hidden, ph0 = initial, pdh = dhidden, pds = dstate, pdg = dgates, pdq = dproducts)
        {
            var rows = new SequenceRows<T> { Sizes = s, Lengths = l };
            Recurrence.Backward<BackwardCell<T>, T>(
                s, Gates, pw, pds, new() { Rows = rows, Gates = pg, Products = pq, Hidden = ph, Initial = ph0, DHidden = pdh, DGates = pdg, DProducts = pdq });
        }
    }

    private struct ForwardCell<T> : IRecurrentCell<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public SequenceRows<T> Rows;
        public T* Bias;
        public T* ProductBias;
        public T* Gates;
        public T* Products;
        public T* Hidden;

        public readonly void Row<TLanes>(in CellRow<T> at)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var hidden = Rows.At(Hidden, at);
            if (!Rows.IsValid(at))
            {
                Rows.Clear(hidden, at);
                SequenceRows<T>.Keep(at);
                return;
            }
            var gates = Rows.At(Gates, at, GruKernel.Gates);
            var n = Rows.Sizes.Hidden;
            Gates<T>.Sigmoid<TLanes>(at, 0, 2, n, gates, Bias);
            var pass = new StatePass<T>
            {
                Width = (nuint)n,
                Product = at.Product,
                Bias = Bias,
                ProductBias = ProductBias,
                Gates = gates,
                Products = Rows.At(Products, at),
                Before = at.From,
                State = at.To,
                Hidden = hidden,
            };
            Recurrence.Sweep<StatePass<T>, T, TLanes>(pass, at.Unit, at.Units);
        }
    }

    private struct BackwardCell<T> : IRecurrentCell<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public SequenceRows<T> Rows;
        public T* Gates;
        public T* Products;
        public T* Hidden;
        public T* Initial;
        public T* DHidden;
        public T* DGates;
        public T* DProducts;

        public readonly void Row<TLanes>(in CellRow<T> at)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var dgates = Rows.At(DGates, at, GruKernel.Gates);
            var dproducts = Rows.At(DProducts, at, GruKernel.Gates);
            if (!Rows.IsValid(at))
            {
                Rows.Clear(dgates, at, GruKernel.Gates);
                Rows.Clear(dproducts, at, GruKernel.Gates);
                Rows.Clear(at.Product, at, GruKernel.Gates);
                return;
            }
            var pass = new BackwardPass<T>
            {
                Width = (nuint)Rows.Sizes.Hidden,
                Gates = Rows.At(Gates, at, GruKernel.Gates),
                Product = Rows.At(Products, at),
                Before = Rows.Before(Hidden, Initial, at),
                DHidden = Rows.At(DHidden, at),
                DState = at.To,
                DGates = dgates,
                DProducts = dproducts,
                DProduct = at.Product,
            };
            Recurrence.Sweep<BackwardPass<T>, T, TLanes>(pass, at.Unit, at.Units);
        }
    }

    /// <summary>The new state from r and z.</summary>
    private struct StatePass<T> : ICellPass<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public nuint Width;
        public T* Product;
        public T* Bias;
        public T* ProductBias;
        public T* Gates;
        public T* Products;
        public T* Before;
        public T* State;
        public T* Hidden;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TAccess>(nuint i, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var (r, z) = (at.Load<T, TLanes>(Gates, i), at.Load<T, TLanes>(Gates + Width, i));
            var q = at.Load<T, TLanes>(Product + (2 * Width), i);
            if (ProductBias != null)
                q += at.Load<T, TLanes>(ProductBias, i);
            var x = at.Load<T, TLanes>(Gates + (2 * Width), i);
            if (Bias != null)
                x += at.Load<T, TLanes>(Bias + (2 * Width), i);
            var n = TLanes.Tanh(x + (r * q));
            var h = ((TLanes.Constant(1) - z) * n) + (z * at.Load<T, TLanes>(Before, i));
            at.Store(n, Gates + (2 * Width), i);
            at.Store(q, Products, i);
            at.Store(h, State, i);
            at.Store(h, Hidden, i);
        }
    }

    private struct BackwardPass<T> : ICellPass<T>
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
        public T* DProduct;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TAccess>(nuint i, TAccess at)
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
            Store(dr, i, at);
            Store(dz, Width + i, at);
            Store(dn * r, (2 * Width) + i, at);
            at.Store(dh * z, DState, i);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Store<TLanes, TAccess>(TLanes dq, nuint i, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            at.Store(dq, DProducts, i);
            at.Store(dq, DProduct, i);
        }
    }
}
