using System.Numerics;
using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class CpuBackend
{
    private static void Binary<TOp, T>(TOp op, Tensor a, Tensor b, Tensor y)
        where TOp : struct, IBinaryOperation
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var x1 = a.AsSpan<T>();
        var x2 = b.AsSpan<T>();
        var result = y.Span<T>();
        if ((a.Shape == y.Shape || a.Count == 1) && (b.Shape == y.Shape || b.Count == 1))
        {
            Elementwise.Zip(op, x1, x2, result);
            return;
        }
        const int UsualRank = 16;
        var rank = y.Rank;
        var strides = rank <= UsualRank ? stackalloc int[2 * UsualRank] : new int[2 * rank];
        var stridesA = strides[..rank];
        var stridesB = strides.Slice(rank, rank);
        a.Shape.BroadcastStrides(y.Shape, stridesA);
        b.Shape.BroadcastStrides(y.Shape, stridesB);
        Strided.Zip(op, y.Shape.Sizes, x1, stridesA, x2, stridesB, result);
    }

    private static void Update<TRule, T>(TRule rule, Tensor parameter, Tensor gradient, Tensor? state1, Tensor? state2, Tensor? state3)
        where TRule : struct, IUpdateRule
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Elementwise.Update(rule, parameter.Span<T>(), gradient.AsSpan<T>(), State(state1), State(state2), State(state3));

        static Span<T> State(Tensor? state) => state is null ? default : state.Span<T>();
    }

    private static void MatMul<T>(bool transposeA, bool transposeB, MatMulSizes sizes, Tensor a, Tensor b, Tensor y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (m, n, k, batch, stepA, stepB) = sizes;
        var x1 = a.AsSpan<T>();
        var x2 = b.AsSpan<T>();
        var result = y.Span<T>();
        for (var i = 0; i < batch; i++)
        {
            Gemm.Multiply(
                transposeA, transposeB, m, n, k, x1.Slice(i * stepA, m * k), transposeA ? m : k, x2.Slice(i * stepB, k * n), transposeB ? k : n,
                result.Slice(i * m * n, m * n), n, accumulate: false);
        }
    }

    private static void Softmax<T>(bool log, int rows, int columns, Tensor x, Tensor y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (log)
            Kernels.Softmax.LogForward(rows, columns, x.AsSpan<T>(), y.Span<T>());
        else
            Kernels.Softmax.Forward(rows, columns, x.AsSpan<T>(), y.Span<T>());
    }

    private static void SoftmaxBackward<T>(bool log, int rows, int columns, Tensor y, Tensor dy, Tensor dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (log)
            Kernels.Softmax.LogBackward(rows, columns, y.AsSpan<T>(), dy.AsSpan<T>(), dx.Span<T>());
        else
            Kernels.Softmax.Backward(rows, columns, y.AsSpan<T>(), dy.AsSpan<T>(), dx.Span<T>());
    }

    private static void NormalizeBackward<T>(
        int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Normalization.Backward(
            batch, channels, inner, x.AsSpan<T>(), mean.AsSpan<T>(), inverseStd.AsSpan<T>(), gamma.AsSpan<T>(), dy.AsSpan<T>(),
            dx.Span<T>(), dgamma.Span<T>(), dbeta.Span<T>());
}
