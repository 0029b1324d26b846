using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>A simple recurrent cell, h[t] = act(z[t] + W·h[t − 1]), over a whole sequence; z = V·x[t] + b is the input's share.</summary>
internal static unsafe class SimpleRnnKernel
{
    /// <param name="activation">act, whose derivative follows from its result.</param>
    /// <param name="s">The sizes.</param>
    /// <param name="lengths">The valid steps of each sequence; empty when all are.</param>
    /// <param name="x">The input, (batch, time, features).</param>
    /// <param name="weightInput">V, (hidden, features).</param>
    /// <param name="weight">W, (hidden, hidden).</param>
    /// <param name="bias">b, (hidden,); empty for 0.</param>
    /// <param name="state">(batch, hidden): the initial state; the final one afterwards.</param>
    /// <param name="hidden">(batch, time, hidden): h, 0 beyond the lengths.</param>
    public static void Forward<TOp, T>(
        TOp activation, in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> x, ReadOnlySpan<T> weightInput, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> state, Span<T> hidden)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (long* l = lengths)
        fixed (T* px = x, pwi = weightInput, pw = weight, pb = bias, ps = state, ph = hidden)
        {
            var rows = new SequenceRows<T> { Sizes = s, Lengths = l };
            var input = new RecurrentInput<T> { Features = s.FeaturesOf(x.Length), X = px, Weight = pwi, Share = ph };
            Recurrence.Forward<ForwardCell<TOp, T>, T>(s, 1, input, pw, ps, new() { Op = activation, Rows = rows, Bias = pb, Hidden = ph });
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
        fixed (long* l = lengths)
        fixed (T* pw = weight, ph = hidden, pdh = dhidden, pds = dstate, pdz = dz)
        {
            var rows = new SequenceRows<T> { Sizes = s, Lengths = l };
            Recurrence.Backward<BackwardCell<TOp, T>, T>(s, 1, pw, pds, new() { Op = activation, Rows = rows, Hidden = ph, DHidden = pdh, Dz = pdz });
        }
    }

    private struct ForwardCell<TOp, T> : IRecurrentCell<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public SequenceRows<T> Rows;
        public T* Bias;
        public T* Hidden;

        public static bool TakesSum => true;

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
            Recurrence.Sweep<ForwardPass<TOp, T>, T, TLanes>(new() { Op = Op, Product = at.Product, Share = at.HasShare ? null : hidden, Bias = Bias, Hidden = hidden, State = at.To }, at.Unit, at.Units);
        }
    }

    private struct BackwardCell<TOp, T> : IRecurrentCell<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public SequenceRows<T> Rows;
        public T* Hidden;
        public T* DHidden;
        public T* Dz;

        public readonly void Row<TLanes>(in CellRow<T> at)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var dz = Rows.At(Dz, at);
            if (!Rows.IsValid(at))
            {
                Rows.Clear(dz, at);
                Rows.Clear(at.Product, at);
                return;
            }
            var pass = new BackwardPass<TOp, T>
            {
                Op = Op,
                Hidden = Rows.At(Hidden, at),
                DHidden = Rows.At(DHidden, at),
                DState = at.To,
                Dz = dz,
                DProduct = at.Product,
            };
            Recurrence.Sweep<BackwardPass<TOp, T>, T, TLanes>(pass, at.Unit, at.Units);
        }
    }

    private struct ForwardPass<TOp, T> : ICellPass<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T* Product;

        /// <summary>Null when the product holds it.</summary>
        public T* Share;
        public T* Bias;
        public T* Hidden;
        public T* State;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TAccess>(nuint i, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var z = at.Load<T, TLanes>(Product, i);
            if (Share != null)
                z += at.Load<T, TLanes>(Share, i);
            if (Bias != null)
                z += at.Load<T, TLanes>(Bias, i);
            var h = Op.Forward(z);
            at.Store(h, Hidden, i);
            at.Store(h, State, i);
        }
    }

    private struct BackwardPass<TOp, T> : ICellPass<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T* Hidden;
        public T* DHidden;
        public T* DState;
        public T* Dz;
        public T* DProduct;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Apply<TLanes, TAccess>(nuint i, TAccess at)
            where TLanes : struct, ILanes<TLanes, T>
            where TAccess : struct, IAccess
        {
            var (h, dh) = (at.Load<T, TLanes>(Hidden, i), at.Load<T, TLanes>(DState, i));
            if (DHidden != null)
                dh += at.Load<T, TLanes>(DHidden, i);
            var dz = dh * Op.Derivative(h, h);
            at.Store(dz, Dz, i);
            at.Store(dz, DProduct, i);
            at.Store(TLanes.Constant(0), DState, i);
        }
    }
}
