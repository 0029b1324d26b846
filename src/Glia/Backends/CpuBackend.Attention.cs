using System.Numerics;
using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class CpuBackend
{
    public override void Attention(in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor? forbidden, MaskSteps steps, Tensor y, Tensor? weights)
    {
        var mask = forbidden is null ? default : forbidden.AsSpan<bool>();
        if (y.DType == DType.Float32)
            Kernels.Attention.Forward(sizes, q.AsSpan<float>(), k.AsSpan<float>(), v.AsSpan<float>(), mask, steps, y.Span<float>(), Optional<float>(weights));
        else
            Kernels.Attention.Forward(sizes, q.AsSpan<double>(), k.AsSpan<double>(), v.AsSpan<double>(), mask, steps, y.Span<double>(), Optional<double>(weights));
    }

    public override void AttentionBackward(
        in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor weights, Tensor dy, Tensor dq, Tensor dk, Tensor dv)
    {
        if (dy.DType == DType.Float32)
            AttentionBackward<float>(sizes, q, k, v, weights, dy, dq, dk, dv);
        else
            AttentionBackward<double>(sizes, q, k, v, weights, dy, dq, dk, dv);
    }

    public override void NormalizeRows(int rows, int columns, double epsilon, Tensor x, Tensor? gamma, Tensor? beta, Tensor y, Tensor mean, Tensor inverseStd)
    {
        if (y.DType == DType.Float32)
            NormalizeRows<float>(rows, columns, epsilon, x, gamma, beta, y, mean, inverseStd);
        else
            NormalizeRows<double>(rows, columns, epsilon, x, gamma, beta, y, mean, inverseStd);
    }

    public override void NormalizeRowsBackward(
        int rows, int columns, Tensor x, Tensor? gamma, Tensor mean, Tensor inverseStd, Tensor dy, Tensor dx, Tensor? dgamma, Tensor? dbeta)
    {
        if (dx.DType == DType.Float32)
            NormalizeRowsBackward<float>(rows, columns, x, gamma, mean, inverseStd, dy, dx, dgamma, dbeta);
        else
            NormalizeRowsBackward<double>(rows, columns, x, gamma, mean, inverseStd, dy, dx, dgamma, dbeta);
    }

    private static void AttentionBackward<T>(
        in AttentionSizes sizes, Tensor q, Tensor k, Tensor v, Tensor weights, Tensor dy, Tensor dq, Tensor dk, Tensor dv)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Kernels.Attention.Backward(
            sizes, q.AsSpan<T>(), k.AsSpan<T>(), v.AsSpan<T>(), weights.AsSpan<T>(), dy.AsSpan<T>(), dq.Span<T>(), dk.Span<T>(), dv.Span<T>());

    private static void NormalizeRows<T>(
        int rows, int columns, double epsilon, Tensor x, Tensor? gamma, Tensor? beta, Tensor y, Tensor mean, Tensor inverseStd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowNormalization.Forward(
            rows, columns, epsilon, x.AsSpan<T>(), Optional<T>(gamma), Optional<T>(beta), y.Span<T>(), mean.Span<T>(), inverseStd.Span<T>());

    private static void NormalizeRowsBackward<T>(
        int rows, int columns, Tensor x, Tensor? gamma, Tensor mean, Tensor inverseStd, Tensor dy, Tensor dx, Tensor? dgamma, Tensor? dbeta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        RowNormalization.Backward(
            rows, columns, x.AsSpan<T>(), Optional<T>(gamma), mean.AsSpan<T>(), inverseStd.AsSpan<T>(), dy.AsSpan<T>(), dx.Span<T>(),
            Optional<T>(dgamma), Optional<T>(dbeta));

    private static Span<T> Optional<T>(Tensor? x)
        where T : unmanaged => x is null ? default : x.Span<T>();
}
