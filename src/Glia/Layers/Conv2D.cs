namespace Glia.Layers;

/// <summary>
/// 2-D convolution as taught in courses (cross-correlation, the kernel is not flipped): Zʲ = Σᵢ Wʲⁱ ∗ Xⁱ + bʲ. Input (batch, channels, rows, columns);
/// W is (filters, channels / groups, kernel rows, kernel columns). Each size of the output is
/// ⌊(in + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. Initial weights are He's when a rectifier follows, else Glorot's; biases are zero.
/// </summary>
public sealed class Conv2D : ConvLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's rows and columns.</param>
    /// <param name="options">Stride, padding, dilation, groups, bias.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Conv2D(int inChannels, int filters, Size2D kernelSize, Conv2DOptions? options = null, DType dtype = DType.Float32)
        : this(inChannels, filters, (options ?? new()).With(kernelSize.ToArray()), dtype)
    {
    }

    internal Conv2D(int inChannels, int filters, ConvSettings settings, DType dtype = DType.Float32)
        : base(inChannels, filters, settings, dtype)
    {
    }
}
