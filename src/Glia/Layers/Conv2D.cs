using System.Text.Json;
using Glia.Initializers;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>
/// 2-D convolution as taught in courses (cross-correlation, the kernel is not flipped): Zʲ = Σᵢ Wʲⁱ ∗ Xⁱ + bʲ. Input (batch, channels, rows,
/// columns); W is (filters, channels / groups, kernel rows, kernel columns). Each size of the output is
/// ⌊(in + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1. Initial weights are He's when a rectifier follows, else Glorot's; biases are zero.
/// </summary>
public sealed class Conv2D : Layer
{
    private readonly Conv2DOptions _options;
    private Initializer _initializer = Initializer.GlorotUniform;

    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's rows and columns.</param>
    /// <param name="options">Stride, padding, dilation, groups, bias.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">The groups do not divide the channels.</exception>
    public Conv2D(int inChannels, int filters, Size2D kernelSize, Conv2DOptions? options = null, DType dtype = DType.Float32)
    {
        _options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(filters);
        kernelSize.RequirePositive(nameof(kernelSize));
        _options.Validate();
        if (inChannels % _options.Groups != 0 || filters % _options.Groups != 0)
            throw new ArgumentException($"Conv2D expects groups to divide its {inChannels} channels and {filters} filters but got {_options.Groups} groups.");
        Weight = Add("weight", new Parameter((filters, inChannels / _options.Groups, kernelSize.Height, kernelSize.Width), dtype));
        Bias = _options.UseBias ? Add("bias", new Parameter(filters, dtype, decays: false)) : null;
        InChannels = inChannels;
        Initialize(DefaultRng.Next());
    }

    /// <summary>W, (filters, channels / groups, kernel rows, kernel columns).</summary>
    public Parameter Weight { get; }

    /// <summary>b, (filters,); null without a bias.</summary>
    public Parameter? Bias { get; }

    /// <summary>The input's channels.</summary>
    public int InChannels { get; }

    private Size2D KernelSize => new(Weight.Shape[2], Weight.Shape[3]);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != 3)
            throw ShapeException.Of(Describe(), $"({InChannels}, rows, columns)", $"input {input}", "Images are channels × rows × columns; Reshape them first.");
        if (input[0] != InChannels)
            throw ShapeException.Of(Describe(), $"{InChannels} channels", $"input {input}");
        var (stride, padding, dilation) = (_options.Stride, _options.Padding, _options.Dilation);
        var height = new WindowAxis(input[1], KernelSize.Height, stride.Height, padding.Height, padding.Height, dilation.Height).Out;
        var width = new WindowAxis(input[2], KernelSize.Width, stride.Width, padding.Width, padding.Width, dilation.Width).Out;
        if (height < 1 || width < 1)
        {
            throw ShapeException.Of(
                Describe(), $"an image at least as large as its {KernelSize} kernel", $"input {input} with padding {_options.Padding}",
                "Use a smaller kernel, more padding, or fewer pooling layers before it.");
        }
        return (Weight.Shape[0], height, width);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (input.Rank != 4)
            throw ShapeException.Of(Describe(), $"(batch, {InChannels}, rows, columns)", $"input {input.Shape}");
        OutputShape(SampleOf(input));
        return Tensor.Conv2D(input, Weight, Bias, _options);
    }

    internal override void FollowedBy(Activation? activation) =>
        _initializer = activation is { IsRectifier: true } ? Initializer.HeUniform : Initializer.GlorotUniform;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("filters", Weight.Shape[0]);
        KernelSize.Write(writer, "kernelSize");
        _options.Stride.Write(writer, "stride");
        _options.Padding.Write(writer, "padding");
        _options.Dilation.Write(writer, "dilation");
        writer.WriteNumber("groups", _options.Groups);
        writer.WriteBoolean("useBias", Bias is not null);
    }

    private protected override void Initialize(Rng rng)
    {
        _initializer.Fill(Weight, rng.Split("weight"));
        Bias?.FillInPlace(0);
    }
}
