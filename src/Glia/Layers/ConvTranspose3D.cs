namespace Glia.Layers;

/// <summary>
/// 3-D transposed convolution, the gradient of <see cref="Conv3D"/> with respect to its input: each input element adds a kernel-sized patch
/// to the output. Input (batch, channels, depth, rows, columns); W is (channels, filters / groups, kernel depth, kernel rows, kernel columns).
/// Each size of the output is (in − 1)·stride − 2·padding + dilation·(kernel − 1) + output padding + 1.
/// </summary>
public sealed class ConvTranspose3D : ConvTransposeLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's depth, rows and columns.</param>
    /// <param name="options">Stride, padding (in numbers), dilation, groups, bias, of the convolution that this transposes.</param>
    /// <param name="outputPadding">How much larger the output is made on its far side, below stride or dilation; 0 by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">The groups do not divide the channels, or the padding is not given in numbers.</exception>
    public ConvTranspose3D(
        int inChannels, int filters, Size3D kernelSize, Conv3DOptions? options = null, Size3D outputPadding = default, DType dtype = DType.Float32)
        : this(inChannels, filters, (options ?? new()).With(kernelSize.ToArray()), outputPadding.ToArray(), dtype)
    {
    }

    internal ConvTranspose3D(int inChannels, int filters, ConvSettings settings, int[] outputPadding, DType dtype = DType.Float32)
        : base(inChannels, filters, settings, outputPadding, dtype)
    {
    }
}
