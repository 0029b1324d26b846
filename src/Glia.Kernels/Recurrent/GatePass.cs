using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>
/// z = act(share + product + bias). One function to a pass: the compiler inlines only so many in one loop, and calls take several times as long.
/// </summary>
internal unsafe struct GatePass<TOp, T> : ICellPass<T>
    where TOp : struct, IUnaryOperation
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public TOp Op;
    public T* Z;
    public T* Product;

    /// <summary>Null when the product holds it.</summary>
    public T* Share;

    /// <summary>Null for 0.</summary>
    public T* Bias;

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
        at.Store(Op.Forward(z), Z, i);
    }
}

/// <summary>The passes over the gates of a row, which lie one block after the other.</summary>
internal static unsafe class Gates<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static void Sigmoid<TLanes>(in CellRow<T> at, int first, int count, int hidden, T* gates, T* bias)
        where TLanes : struct, ILanes<TLanes, T> => Run<SigmoidGate, TLanes>(at, first, count, hidden, gates, bias);

    public static void Tanh<TLanes>(in CellRow<T> at, int first, int hidden, T* gates, T* bias)
        where TLanes : struct, ILanes<TLanes, T> => Run<TanhGate, TLanes>(at, first, 1, hidden, gates, bias);

    private static void Run<TOp, TLanes>(in CellRow<T> at, int first, int count, int hidden, T* gates, T* bias)
        where TOp : struct, IUnaryOperation
        where TLanes : struct, ILanes<TLanes, T>
    {
        var pass = new GatePass<TOp, T> { Z = gates, Product = at.Product, Share = at.HasShare ? null : gates, Bias = bias };
        // Whole blocks in a row are as one.
        if (at.Units == hidden)
        {
            Recurrence.Sweep<GatePass<TOp, T>, T, TLanes>(pass, first * hidden, count * hidden);
            return;
        }
        for (var gate = first; gate < first + count; gate++)
            Recurrence.Sweep<GatePass<TOp, T>, T, TLanes>(pass, (gate * hidden) + at.Unit, at.Units);
    }

    private readonly struct SigmoidGate : IUnaryOperation
    {
        public TReal Forward<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.Sigmoid(x);

        public TReal Derivative<TReal>(TReal x, TReal y)
            where TReal : struct, IReal<TReal> => y * (TReal.Constant(1) - y);
    }

    private readonly struct TanhGate : IUnaryOperation
    {
        public TReal Forward<TReal>(TReal x)
            where TReal : struct, IReal<TReal> => TReal.Tanh(x);

        public TReal Derivative<TReal>(TReal x, TReal y)
            where TReal : struct, IReal<TReal> => TReal.Constant(1) - (y * y);
    }
}
