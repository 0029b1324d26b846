using System.Text.Json;
using Glia.Initializers;

namespace Glia.Layers;

/// <summary>
/// What convolutions of one, two and three axes have in common: a kernel that moves over every channel. Initial weights are He's when a rectifier
/// follows, else Glorot's; biases are zero.
/// </summary>
public abstract class ConvLayer : Layer
{
    private Initializer _initializer = Initializer.GlorotUniform;

    private protected ConvLayer(int inChannels, int filters, ConvSettings settings, DType dtype, bool isTransposed = false)
    {
        Settings = settings;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(filters);
        if (inChannels % Groups != 0 || filters % Groups != 0)
            throw new ArgumentException($"{GetType().Name} expects groups to divide its {inChannels} channels and {filters} filters but got {Groups} groups.");
        (InChannels, Filters) = (inChannels, filters);
        int[] shape = isTransposed ? [inChannels, filters / Groups, .. Windows.Kernel] : [filters, inChannels / Groups, .. Windows.Kernel];
        Weight = Add("weight", new Parameter(shape, dtype));
        Bias = settings.UseBias ? Add("bias", new Parameter(filters, dtype, decays: false)) : null;
        Initialize(DefaultRng.Next());
    }

    /// <summary>W, (filters, channels / groups, kernel…); of a transposed convolution (channels, filters / groups, kernel…).</summary>
    public Parameter Weight { get; }

    /// <summary>b, (filters,); null without a bias.</summary>
    public Parameter? Bias { get; }

    /// <summary>The input's channels.</summary>
    public int InChannels { get; }

    /// <summary>The output's channels.</summary>
    public int Filters { get; }

    /// <summary>The kernel's size along each axis, the outermost first.</summary>
    public IReadOnlyList<int> KernelSize => Windows.Kernel;

    /// <summary>Steps between neighbouring outputs along each axis.</summary>
    public IReadOnlyList<int> Stride => Windows.Stride;

    /// <summary>Steps between neighbouring kernel elements along each axis.</summary>
    public IReadOnlyList<int> Dilation => Windows.Dilation;

    /// <summary>What is put around the input.</summary>
    public Padding Padding => Windows.Padding;

    /// <summary>Into how many independent groups the channels are divided.</summary>
    public int Groups => Settings.Groups;

    internal ConvSettings Settings { get; }

    private Windows Windows => Settings.Windows;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != Windows.Axes + 1)
            throw ShapeException.Of(Describe(), $"({InChannels}, {Windows.AxisNames})", $"input {input}", "Reshape it first.");
        if (input[0] != InChannels)
            throw ShapeException.Of(Describe(), $"{InChannels} channels", $"input {input}");
        var sizes = OutputSizes(input.Sizes[1..]);
        if (Array.Exists(sizes, s => s < 1))
        {
            throw ShapeException.Of(
                Describe(), $"{Windows.InputName} at least as large as its {Windows.Describe("kernel")}", $"input {input} with padding {Padding}",
                "Use a smaller kernel, more padding, or fewer pooling layers before it.");
        }
        return new([Filters, .. sizes]);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Forward(input, null);

    /// <summary>The layer and an activation, as one operation where there is a bias.</summary>
    internal Tensor Forward(Tensor input, ActivationFunction? activation)
    {
        if (input.Rank != Windows.Axes + 2)
            throw ShapeException.Of(Describe(), $"(batch, {InChannels}, {Windows.AxisNames})", $"input {input.Shape}");
        OutputShape(SampleOf(input));
        return Convolve(input, activation);
    }

    internal override void FollowedBy(Activation? activation) =>
        _initializer = activation is { IsRectifier: true } ? Initializer.HeUniform : Initializer.GlorotUniform;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("filters", Filters);
        Windows.Write(writer, "kernelSize");
        writer.WriteNumber("groups", Groups);
        writer.WriteBoolean("useBias", Bias is not null);
    }

    private protected virtual int[] OutputSizes(ReadOnlySpan<int> sizes) => Windows.Out(sizes);

    private protected virtual Tensor Convolve(Tensor input, ActivationFunction? activation) =>
        Tensor.Convolve(GetType().Name, input, Weight, Bias, Settings, activation);

    private protected override void Initialize(Rng rng)
    {
        _initializer.Fill(Weight, rng.Split("weight"));
        Bias?.FillInPlace(0);
    }
}
