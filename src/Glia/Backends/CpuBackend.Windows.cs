using Glia.Kernels;

namespace Glia.Backends;

internal sealed partial class CpuBackend
{
    public override void Convolution(in ConvGeometry geometry, Tensor x, Tensor weight, Tensor y, PreparedConvolution? prepared)
    {
        if (y.DType == DType.Float32)
            Kernels.Convolution.Forward(geometry, x.AsSpan<float>(), weight.AsSpan<float>(), y.Span<float>(), prepared);
        else
            Kernels.Convolution.Forward(geometry, x.AsSpan<double>(), weight.AsSpan<double>(), y.Span<double>(), prepared);
    }

    public override void ConvolutionInputGradient(in ConvGeometry geometry, Tensor dy, Tensor weight, Tensor dx)
    {
        if (dx.DType == DType.Float32)
            Kernels.Convolution.InputGradient(geometry, dy.AsSpan<float>(), weight.AsSpan<float>(), dx.Span<float>());
        else
            Kernels.Convolution.InputGradient(geometry, dy.AsSpan<double>(), weight.AsSpan<double>(), dx.Span<double>());
    }

    public override void ConvolutionWeightGradient(in ConvGeometry geometry, Tensor x, Tensor dy, Tensor dw)
    {
        if (dw.DType == DType.Float32)
            Kernels.Convolution.WeightGradient(geometry, x.AsSpan<float>(), dy.AsSpan<float>(), dw.Span<float>());
        else
            Kernels.Convolution.WeightGradient(geometry, x.AsSpan<double>(), dy.AsSpan<double>(), dw.Span<double>());
    }

    public override void MaxPool(in PoolGeometry geometry, Tensor x, Tensor y, Tensor argmax)
    {
        if (y.DType == DType.Float32)
            Pooling.MaxForward(geometry, x.AsSpan<float>(), y.Span<float>(), argmax.Span<int>());
        else
            Pooling.MaxForward(geometry, x.AsSpan<double>(), y.Span<double>(), argmax.Span<int>());
    }

    public override void PoolScatter(in PoolGeometry geometry, Tensor argmax, Tensor dy, Tensor dx)
    {
        if (dx.DType == DType.Float32)
            Pooling.Scatter(geometry, argmax.AsSpan<int>(), dy.AsSpan<float>(), dx.Span<float>());
        else
            Pooling.Scatter(geometry, argmax.AsSpan<int>(), dy.AsSpan<double>(), dx.Span<double>());
    }

    public override void PoolGather(in PoolGeometry geometry, Tensor argmax, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32)
            Pooling.Gather(geometry, argmax.AsSpan<int>(), x.AsSpan<float>(), y.Span<float>());
        else
            Pooling.Gather(geometry, argmax.AsSpan<int>(), x.AsSpan<double>(), y.Span<double>());
    }

    public override void AveragePool(in PoolGeometry geometry, bool countIncludePad, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32)
            Pooling.AverageForward(geometry, countIncludePad, x.AsSpan<float>(), y.Span<float>());
        else
            Pooling.AverageForward(geometry, countIncludePad, x.AsSpan<double>(), y.Span<double>());
    }

    public override void AveragePoolBackward(in PoolGeometry geometry, bool countIncludePad, Tensor dy, Tensor dx)
    {
        if (dx.DType == DType.Float32)
            Pooling.AverageBackward(geometry, countIncludePad, dy.AsSpan<float>(), dx.Span<float>());
        else
            Pooling.AverageBackward(geometry, countIncludePad, dy.AsSpan<double>(), dx.Span<double>());
    }
}
