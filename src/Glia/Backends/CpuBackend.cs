using Glia.Kernels;

namespace Glia.Backends;

/// <summary>The fast back end: hands spans of the right type to the kernels.</summary>
internal sealed partial class CpuBackend : Backend
{
    public override void Unary<TOp>(TOp op, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32)
            Elementwise.Map(op, x.AsSpan<float>(), y.Span<float>());
        else
            Elementwise.Map(op, x.AsSpan<double>(), y.Span<double>());
    }

    public override void UnaryBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        if (y.DType == DType.Float32)
            Elementwise.MapBackward(op, x.AsSpan<float>(), y.AsSpan<float>(), dy.AsSpan<float>(), dx.Span<float>());
        else
            Elementwise.MapBackward(op, x.AsSpan<double>(), y.AsSpan<double>(), dy.AsSpan<double>(), dx.Span<double>());
    }

    public override void Binary<TOp>(TOp op, Tensor a, Tensor b, Tensor y)
    {
        if (y.DType == DType.Float32)
            Binary<TOp, float>(op, a, b, y);
        else
            Binary<TOp, double>(op, a, b, y);
    }

    public override void Update<TRule>(TRule rule, Tensor parameter, Tensor gradient, Tensor? state1, Tensor? state2, Tensor? state3)
    {
        if (parameter.DType == DType.Float32)
            Update<TRule, float>(rule, parameter, gradient, state1, state2, state3);
        else
            Update<TRule, double>(rule, parameter, gradient, state1, state2, state3);
    }

    public override void AddInPlace(Tensor sum, Tensor x) => Binary(new AddFormula(), sum, x, sum);

    public override void Compare(Comparison comparison, Tensor a, Tensor b, Tensor y)
    {
        switch (a.DType)
        {
            case DType.Float32: Comparisons.Compare<float>(comparison, a.AsSpan<float>(), b.AsSpan<float>(), y.Span<bool>()); break;
            case DType.Float64: Comparisons.Compare<double>(comparison, a.AsSpan<double>(), b.AsSpan<double>(), y.Span<bool>()); break;
            case DType.Int32: Comparisons.Compare<int>(comparison, a.AsSpan<int>(), b.AsSpan<int>(), y.Span<bool>()); break;
            case DType.Int64: Comparisons.Compare<long>(comparison, a.AsSpan<long>(), b.AsSpan<long>(), y.Span<bool>()); break;
            default: Comparisons.Compare<byte>(comparison, a.Bytes(), b.Bytes(), y.Span<bool>()); break;
        }
    }

    public override void Where(Tensor mask, Tensor a, Tensor b, Tensor y)
    {
        var m = mask.AsSpan<bool>();
        switch (y.DType.Size())
        {
            case 4: Comparisons.Select(m, As<int>(a), As<int>(b), As<int>(y)); break;
            case 8: Comparisons.Select(m, As<long>(a), As<long>(b), As<long>(y)); break;
            default: Comparisons.Select<byte>(m, a.Bytes(), b.Bytes(), y.Bytes()); break;
        }
    }

    public override void Cast(Tensor x, Tensor y) => Casting.Cast(x, y);

    public override void CopyStrided(ReadOnlySpan<int> sizes, Tensor from, StridedView source, Tensor to, StridedView destination)
    {
        switch (to.DType.Size())
        {
            case 4: Strided.Copy<int>(sizes, As<int>(from), source, As<int>(to), destination); break;
            case 8: Strided.Copy<long>(sizes, As<long>(from), source, As<long>(to), destination); break;
            default: Strided.Copy<byte>(sizes, from.Bytes(), source, to.Bytes(), destination); break;
        }
    }

    public override void Reduce(Reduction kind, int outer, int count, int inner, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32)
            Reductions.Reduce(kind, outer, count, inner, x.AsSpan<float>(), y.Span<float>());
        else
            Reductions.Reduce(kind, outer, count, inner, x.AsSpan<double>(), y.Span<double>());
    }

    public override void ExtremeBackward(int outer, int count, int inner, Tensor x, Tensor y, Tensor dy, Tensor dx)
    {
        if (y.DType == DType.Float32)
            Extremes.Backward(outer, count, inner, x.AsSpan<float>(), y.AsSpan<float>(), dy.AsSpan<float>(), dx.Span<float>());
        else
            Extremes.Backward(outer, count, inner, x.AsSpan<double>(), y.AsSpan<double>(), dy.AsSpan<double>(), dx.Span<double>());
    }

    public override void ArgExtreme(bool largest, int outer, int count, int inner, Tensor x, Tensor y)
    {
        if (x.DType == DType.Float32)
            Reductions.ArgExtreme(largest, outer, count, inner, x.AsSpan<float>(), y.Span<long>());
        else
            Reductions.ArgExtreme(largest, outer, count, inner, x.AsSpan<double>(), y.Span<long>());
    }

    public override void MatMul(bool transposeA, bool transposeB, MatMulSizes sizes, Tensor a, Tensor b, Tensor y)
    {
        if (y.DType == DType.Float32)
            MatMul<float>(transposeA, transposeB, sizes, a, b, y);
        else
            MatMul<double>(transposeA, transposeB, sizes, a, b, y);
    }

    public override void AddBias<TOp>(TOp activation, int rows, int columns, Tensor? bias, Tensor y)
    {
        if (y.DType == DType.Float32)
            Bias.AddToRows(activation, rows, columns, bias is null ? default : bias.AsSpan<float>(), y.Span<float>());
        else
            Bias.AddToRows(activation, rows, columns, bias is null ? default : bias.AsSpan<double>(), y.Span<double>());
    }

    public override void AddChannelBias<TOp>(TOp activation, int batch, int channels, int inner, Tensor bias, Tensor y)
    {
        if (y.DType == DType.Float32)
            ChannelBias.Add(activation, batch, channels, inner, bias.AsSpan<float>(), y.Span<float>());
        else
            ChannelBias.Add(activation, batch, channels, inner, bias.AsSpan<double>(), y.Span<double>());
    }

    public override void ChannelBiasBackward<TOp>(TOp activation, int batch, int channels, int inner, Tensor y, Tensor dy, Tensor dz, Tensor dbias)
    {
        if (y.DType == DType.Float32)
            ChannelBias.Backward(activation, batch, channels, inner, y.AsSpan<float>(), dy.AsSpan<float>(), dz.Span<float>(), dbias.Span<float>());
        else
            ChannelBias.Backward(activation, batch, channels, inner, y.AsSpan<double>(), dy.AsSpan<double>(), dz.Span<double>(), dbias.Span<double>());
    }

    public override void Softmax(bool log, int rows, int columns, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32)
            Softmax<float>(log, rows, columns, x, y);
        else
            Softmax<double>(log, rows, columns, x, y);
    }

    public override void SoftmaxBackward(bool log, int rows, int columns, Tensor y, Tensor dy, Tensor dx)
    {
        if (y.DType == DType.Float32)
            SoftmaxBackward<float>(log, rows, columns, y, dy, dx);
        else
            SoftmaxBackward<double>(log, rows, columns, y, dy, dx);
    }

    public override void CrossEntropy(int rows, int columns, Tensor logits, Tensor target, Tensor probability, Tensor loss)
    {
        var t = target.AsSpan<long>();
        if (logits.DType == DType.Float32)
            Kernels.Softmax.CrossEntropy(rows, columns, logits.AsSpan<float>(), t, probability.Span<float>(), loss.Span<float>());
        else
            Kernels.Softmax.CrossEntropy(rows, columns, logits.AsSpan<double>(), t, probability.Span<double>(), loss.Span<double>());
    }

    public override void CrossEntropyBackward(int rows, int columns, Tensor probability, Tensor target, Tensor dy, Tensor dx)
    {
        var t = target.AsSpan<long>();
        if (dx.DType == DType.Float32)
            Kernels.Softmax.CrossEntropyBackward(rows, columns, probability.AsSpan<float>(), t, dy.AsSpan<float>(), dx.Span<float>());
        else
            Kernels.Softmax.CrossEntropyBackward(rows, columns, probability.AsSpan<double>(), t, dy.AsSpan<double>(), dx.Span<double>());
    }

    public override void Moments(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor variance)
    {
        if (x.DType == DType.Float32)
            Normalization.Moments(batch, channels, inner, x.AsSpan<float>(), mean.Span<float>(), variance.Span<float>());
        else
            Normalization.Moments(batch, channels, inner, x.AsSpan<double>(), mean.Span<double>(), variance.Span<double>());
    }

    public override void Normalize(int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor beta, Tensor y)
    {
        if (y.DType == DType.Float32)
            Normalization.Apply(batch, channels, inner, x.AsSpan<float>(), mean.AsSpan<float>(), inverseStd.AsSpan<float>(), gamma.AsSpan<float>(), beta.AsSpan<float>(), y.Span<float>());
        else
            Normalization.Apply(batch, channels, inner, x.AsSpan<double>(), mean.AsSpan<double>(), inverseStd.AsSpan<double>(), gamma.AsSpan<double>(), beta.AsSpan<double>(), y.Span<double>());
    }

    public override void NormalizeBackward(
        int batch, int channels, int inner, Tensor x, Tensor mean, Tensor inverseStd, Tensor gamma, Tensor dy, Tensor dx, Tensor dgamma, Tensor dbeta)
    {
        if (dx.DType == DType.Float32)
            NormalizeBackward<float>(batch, channels, inner, x, mean, inverseStd, gamma, dy, dx, dgamma, dbeta);
        else
            NormalizeBackward<double>(batch, channels, inner, x, mean, inverseStd, gamma, dy, dx, dgamma, dbeta);
    }

    private static Span<T> As<T>(Tensor x)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(x.Bytes());
}
