using Glia.Layers;

namespace Glia.Models;

/// <summary>What the ready networks are made of.</summary>
internal static class ConvNorm
{
    /// <summary>A convolution without a bias, which the batch normalisation behind it would undo; the size stays but for the stride.</summary>
    public static Network ConvBatchNorm(this Network network, int filters, int kernelSize, int stride = 1) => network
        .Conv2D(filters, kernelSize, new Conv2DOptions { Stride = stride, Padding = kernelSize / 2, UseBias = false })
        .BatchNorm();
}
