namespace Glia.Layers;

/// <summary>
/// 1-D convolution as taught in courses (cross-correlation, the kernel is not flipped): Zʲ = Σᵢ Wʲⁱ ∗ Xⁱ + bʲ. Input (batch, channels, length);
/// W is (filters, channels / groups, kernel). Each size of the output is
/// ⌊(in + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. Initial weights are He's when a rectifier follows, else Glorot's; biases are zero.
/// </summary>
public sealed class Conv1D : ConvLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's length.</param>
    /// <param name="options">Stride, padding, dilation, groups, bias.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Conv1D(int inChannels, int filters, int kernelSize, Conv1DOptions? options = null, DType dtype = DType.Float32)
        : this(inChannels, filters, (options ?? new()).With(kernelSize), dtype)
    {
    }

    internal Conv1D(int inChannels, int filters, ConvSettings settings, DType dtype = DType.Float32)
        : base(inChannels, filters, settings, dtype)
    {
    }
}
