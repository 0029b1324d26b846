using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// 2-D convolution of each channel by itself: output channel j reads input channel ⌊j / m⌋ only, with m the depth multiplier. The same as
/// <see cref="Conv2D"/> with as many groups as channels; W is (channels·m, 1, kernel rows, kernel columns).
/// </summary>
public sealed class DepthwiseConv2D : ConvLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="channels">The input's channels.</param>
    /// <param name="kernelSize">The kernel's rows and columns.</param>
    /// <param name="depthMultiplier">Output channels per input channel; 1 by default.</param>
    /// <param name="options">Stride, padding, dilation, bias; its groups do not count here.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public DepthwiseConv2D(int channels, Size2D kernelSize, int depthMultiplier = 1, Conv2DOptions? options = null, DType dtype = DType.Float32)
        : this(channels, depthMultiplier, (options ?? new()).With(kernelSize.ToArray()), dtype)
    {
    }

    internal DepthwiseConv2D(int channels, int depthMultiplier, ConvSettings settings, DType dtype = DType.Float32)
        : base(channels, (int)Math.Min((long)channels * depthMultiplier, int.MaxValue), new(settings.Windows, channels, settings.UseBias), dtype)
    {
    }

    /// <summary>Output channels per input channel.</summary>
    public int DepthMultiplier => Filters / InChannels;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        base.WriteConfig(writer);
        writer.WriteNumber("depthMultiplier", DepthMultiplier);
    }
}
