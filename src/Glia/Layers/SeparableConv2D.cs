using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// A depthwise convolution, which mixes positions within each channel, then a 1×1 convolution, which mixes channels: for 3×3 kernels about an
/// eighth of the products of a <see cref="Conv2D"/> (Chollet 2017). Input (batch, channels, rows, columns).
/// </summary>
public sealed class SeparableConv2D : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The rows and columns of the depthwise kernel.</param>
    /// <param name="depthMultiplier">Channels between the two per input channel; 1 by default.</param>
    /// <param name="options">Stride, padding, dilation of the depthwise convolution, and whether the 1×1 convolution adds a bias; its groups do not count here.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public SeparableConv2D(
        int inChannels, int filters, Size2D kernelSize, int depthMultiplier = 1, Conv2DOptions? options = null, DType dtype = DType.Float32)
    {
        options ??= new();
        Depthwise = Add("depthwise", new DepthwiseConv2D(inChannels, kernelSize, depthMultiplier, options with { UseBias = false }, dtype));
        Pointwise = Add("pointwise", new Conv2D(Depthwise.Filters, filters, 1, new() { UseBias = options.UseBias }, dtype));
    }

    internal SeparableConv2D(int inChannels, int filters, int depthMultiplier, ConvSettings settings, DType dtype)
    {
        Depthwise = Add("depthwise", new DepthwiseConv2D(inChannels, depthMultiplier, new ConvSettings(settings.Windows, groups: 1, useBias: false), dtype));
        Pointwise = Add("pointwise", new Conv2D(Depthwise.Filters, filters, 1, new() { UseBias = settings.UseBias }, dtype));
    }

    /// <summary>The convolution of each channel by itself, without a bias.</summary>
    public DepthwiseConv2D Depthwise { get; }

    /// <summary>The 1×1 convolution.</summary>
    public Conv2D Pointwise { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 3 || input[0] != Depthwise.InChannels)
            throw ShapeException.Of(Describe(), $"({Depthwise.InChannels}, rows, columns)", $"input {input}");
        return Pointwise.OutputShape(Depthwise.OutputShape(input));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return Pointwise.Forward(Depthwise.Forward(input, context), context);
    }

    internal override void FollowedBy(Activation? activation) => Pointwise.FollowedBy(activation);

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("filters", Pointwise.Filters);
        writer.WriteNumber("depthMultiplier", Depthwise.DepthMultiplier);
        Depthwise.Settings.Windows.Write(writer, "kernelSize");
        writer.WriteBoolean("useBias", Pointwise.Bias is not null);
    }
}
