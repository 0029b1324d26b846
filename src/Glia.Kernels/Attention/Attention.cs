using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glia.Kernels;

/// <summary>
/// softmax(scale·Q·Kᵀ)·V for every sample and head, the heads shared among threads and the scores of each kept in cache. Operands are read where they
/// lie in the projections.
/// </summary>
internal static unsafe class Attention
{
    /// <summary>
    /// Y [batch, L, heads·values], and the softmax [batch, heads, L, S] for <see cref="Backward"/>, unless <paramref name="weights"/> is empty; beyond what is
    /// causal it holds anything. <paramref name="forbidden"/>, empty when all is allowed, is true where a query may not attend to a key; rows that allow
    /// nothing give zeros.
    /// </summary>
    public static void Forward<T>(
        in AttentionSizes sizes, ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<bool> forbidden, MaskSteps steps, Span<T> y, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (y.IsEmpty)
            return;
        fixed (T* pq = q, pk = k[sizes.OffsetK..], pv = v[sizes.OffsetV..], py = y, pw = weights)
        fixed (bool* pf = forbidden)
            Run(new AttentionOperands<T> { Sizes = sizes, Q = pq, K = pk, V = pv, Y = py, Weights = pw, Forbidden = pf, Steps = steps });
    }

    /// <summary>The gradients for queries, keys and values, laid out as these are, from the softmax that <see cref="Forward"/> kept.</summary>
    public static void Backward<T>(
        in AttentionSizes sizes, ReadOnlySpan<T> q, ReadOnlySpan<T> k, ReadOnlySpan<T> v, ReadOnlySpan<T> weights, ReadOnlySpan<T> dy,
        Span<T> dq, Span<T> dk, Span<T> dv)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (dy.IsEmpty)
        {
            dq.Clear();
            dk.Clear();
            dv.Clear();
            return;
        }
        fixed (T* pq = q, pk = k[sizes.OffsetK..], pv = v[sizes.OffsetV..], py = dy, pw = weights)
        fixed (T* pdq = dq, pdk = dk[sizes.OffsetK..], pdv = dv[sizes.OffsetV..])
            Run(new AttentionOperands<T> { IsBackward = true, Sizes = sizes, Q = pq, K = pk, V = pv, Y = py, Weights = pw, Dq = pdq, Dk = pdk, Dv = pdv });
    }

    private static void Run<T>(in AttentionOperands<T> operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (IsaSupport.Current)
        {
            case Isa.Avx512: AttentionJob<Simd512<T>, Vector512<T>, T>.Run(operands); break;
            case Isa.Avx2: AttentionJob<Simd256<T>, Vector256<T>, T>.Run(operands); break;
            case Isa.Neon: AttentionJob<Simd128<T>, Vector128<T>, T>.Run(operands); break;
            default: AttentionJob<SimdScalar<T>, T, T>.Run(operands); break;
        }
    }
}

/// <summary>What attention works on; Y is the output, or its gradient.</summary>
internal unsafe struct AttentionOperands<T>
    where T : unmanaged
{
    public AttentionSizes Sizes;
    public MaskSteps Steps;
    public bool IsBackward;
    public T* Q, K, V, Y, Weights, Dq, Dk, Dv;
    public bool* Forbidden;
}
