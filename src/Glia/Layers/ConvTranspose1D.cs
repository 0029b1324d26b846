namespace Glia.Layers;

/// <summary>
/// 1-D transposed convolution, the gradient of <see cref="Conv1D"/> with respect to its input: each input element adds a kernel-sized patch
/// to the output. Input (batch, channels, length); W is (channels, filters / groups, kernel).
/// Each size of the output is (in − 1)·stride − 2·padding + dilation·(kernel − 1) + output padding + 1.
/// </summary>
public sealed class ConvTranspose1D : ConvTransposeLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's length.</param>
    /// <param name="options">Stride, padding (in numbers), dilation, groups, bias, of the convolution that this transposes.</param>
    /// <param name="outputPadding">How much larger the output is made on its far side, below stride or dilation; 0 by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or the padding is not given in numbers.</exception>
    public ConvTranspose1D(
        int inChannels, int filters, int kernelSize, Conv1DOptions? options = null, int outputPadding = default, DType dtype = DType.Float32)
        : this(inChannels, filters, (options ?? new()).With(kernelSize), [outputPadding], dtype)
    {
    }

    internal ConvTranspose1D(int inChannels, int filters, ConvSettings settings, int[] outputPadding, DType dtype = DType.Float32)
        : base(inChannels, filters, settings, outputPadding, dtype)
    {
    }
}
