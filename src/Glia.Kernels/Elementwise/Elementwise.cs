using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Runs element-wise formulas over spans with the widest registers at hand, cut into chunks for the worker pool.</summary>
internal static unsafe class Elementwise
{
    /// <summary>y[i] = op(x[i]). <paramref name="y"/> may be <paramref name="x"/>.</summary>
    public static void Map<TOp, T>(TOp op, ReadOnlySpan<T> x, Span<T> y)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(x.Length, y.Length);
        fixed (T* px = x, py = y)
            Sweep.Run<UnaryMap<TOp, T>, T>(new() { Op = op, X = px, Y = py }, y.Length);
    }

    /// <summary>dx[i] = dy[i]·op′(x[i]), with y[i] = op(x[i]). <paramref name="dx"/> may be <paramref name="dy"/>.</summary>
    public static void MapBackward<TOp, T>(TOp op, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(x.Length, dx.Length);
        Require(y.Length, dx.Length);
        Require(dy.Length, dx.Length);
        fixed (T* px = x, py = y, pdy = dy, pdx = dx)
            Sweep.Run<UnaryMapBackward<TOp, T>, T>(new() { Op = op, X = px, Y = py, Dy = pdy, Dx = pdx }, dx.Length);
    }

    /// <summary>y[i] = op(a[i], b[i]), where an operand of length 1 stands for every i.</summary>
    public static void Zip<TOp, T>(TOp op, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where TOp : struct, IBinaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.Length != 1)
            Require(a.Length, y.Length);
        if (b.Length != 1)
            Require(b.Length, y.Length);
        fixed (T* pa = a, pb = b, py = y)
        {
            var job = new BinaryZip<TOp, T> { Op = op, A = pa, B = pb, Y = py, StepA = a.Length == 1 ? 0u : 1u, StepB = b.Length == 1 ? 0u : 1u };
            Sweep.Run<BinaryZip<TOp, T>, T>(job, y.Length);
        }
    }

    /// <summary>Applies an optimiser's rule in place; a state that the rule does not use may be empty.</summary>
    public static void Update<TRule, T>(TRule rule, Span<T> parameter, ReadOnlySpan<T> gradient, Span<T> state1, Span<T> state2, Span<T> state3)
        where TRule : struct, IUpdateRule
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Require(gradient.Length, parameter.Length);
        RequireState(state1, parameter);
        RequireState(state2, parameter);
        RequireState(state3, parameter);
        // A pointer to an empty span is null.
        fixed (T* p = parameter, g = gradient, s1 = state1, s2 = state2, s3 = state3)
            Sweep.Run<RuleUpdate<TRule, T>, T>(new() { Rule = rule, P = p, G = g, S1 = s1, S2 = s2, S3 = s3 }, parameter.Length);
    }

    private static void Require(int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException($"Element-wise operands must have equal lengths, but got {length} and {expected}.");
    }

    private static void RequireState<T>(ReadOnlySpan<T> state, ReadOnlySpan<T> parameter)
    {
        if (!state.IsEmpty)
            Require(state.Length, parameter.Length);
    }

    private struct UnaryMap<TOp, T> : IPass<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T* X;
        public T* Y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.Store(Op.Forward(TLanes.Load(ref *X, i)), ref *Y, i);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T> =>
            Sweep.StoreTail(Op.Forward(Sweep.LoadTail<T, TLanes>(X, i, count)), Y, i, count);
    }

    private struct UnaryMapBackward<TOp, T> : IPass<T>
        where TOp : struct, IUnaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T* X;
        public T* Y;
        public T* Dy;
        public T* Dx;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.Store(TLanes.Load(ref *Dy, i) * Op.Derivative(TLanes.Load(ref *X, i), TLanes.Load(ref *Y, i)), ref *Dx, i);

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var derivative = Op.Derivative(Sweep.LoadTail<T, TLanes>(X, i, count), Sweep.LoadTail<T, TLanes>(Y, i, count));
            Sweep.StoreTail(Sweep.LoadTail<T, TLanes>(Dy, i, count) * derivative, Dx, i, count);
        }
    }

    private struct BinaryZip<TOp, T> : IPass<T>
        where TOp : struct, IBinaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TOp Op;
        public T* A;
        public T* B;
        public T* Y;
        public nuint StepA;
        public nuint StepB;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var a = StepA == 0 ? Splat<TLanes>(*A) : TLanes.Load(ref *A, i);
            var b = StepB == 0 ? Splat<TLanes>(*B) : TLanes.Load(ref *B, i);
            TLanes.Store(Op.Forward(a, b), ref *Y, i);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var a = StepA == 0 ? Splat<TLanes>(*A) : Sweep.LoadTail<T, TLanes>(A, i, count);
            var b = StepB == 0 ? Splat<TLanes>(*B) : Sweep.LoadTail<T, TLanes>(B, i, count);
            Sweep.StoreTail(Op.Forward(a, b), Y, i, count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TLanes Splat<TLanes>(T value)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.Constant(double.CreateTruncating(value));
    }

    private struct RuleUpdate<TRule, T> : IPass<T>
        where TRule : struct, IUpdateRule
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TRule Rule;
        public T* P;
        public T* G;
        public T* S1;
        public T* S2;
        public T* S3;

        private readonly bool Uses1 => TRule.StateCount >= 1 && S1 != null;

        private readonly bool Uses2 => TRule.StateCount >= 2 && S2 != null;

        private readonly bool Uses3 => TRule.StateCount >= 3 && S3 != null;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Step<TLanes>(nuint i)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var p = TLanes.Load(ref *P, i);
            var s1 = Uses1 ? TLanes.Load(ref *S1, i) : default;
            var s2 = Uses2 ? TLanes.Load(ref *S2, i) : default;
            var s3 = Uses3 ? TLanes.Load(ref *S3, i) : default;
            Rule.Update(ref p, TLanes.Load(ref *G, i), ref s1, ref s2, ref s3);
            TLanes.Store(p, ref *P, i);
            if (Uses1)
                TLanes.Store(s1, ref *S1, i);
            if (Uses2)
                TLanes.Store(s2, ref *S2, i);
            if (Uses3)
                TLanes.Store(s3, ref *S3, i);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public readonly void Tail<TLanes>(nuint i, int count)
            where TLanes : struct, ILanes<TLanes, T>
        {
            var p = Sweep.LoadTail<T, TLanes>(P, i, count);
            var s1 = Uses1 ? Sweep.LoadTail<T, TLanes>(S1, i, count) : default;
            var s2 = Uses2 ? Sweep.LoadTail<T, TLanes>(S2, i, count) : default;
            var s3 = Uses3 ? Sweep.LoadTail<T, TLanes>(S3, i, count) : default;
            Rule.Update(ref p, Sweep.LoadTail<T, TLanes>(G, i, count), ref s1, ref s2, ref s3);
            Sweep.StoreTail(p, P, i, count);
            if (Uses1)
                Sweep.StoreTail(s1, S1, i, count);
            if (Uses2)
                Sweep.StoreTail(s2, S2, i, count);
            if (Uses3)
                Sweep.StoreTail(s3, S3, i, count);
        }
    }
}
