using Glia.Layers;

namespace Glia;

public sealed partial class Network
{
    /// <summary>1-D convolution; see <see cref="Layers.Conv1D"/>.</summary>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's length.</param>
    /// <param name="stride">Steps between neighbouring outputs; 1 by default.</param>
    /// <param name="padding">Zeros put around the input; none by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Conv1D(int filters, int kernelSize, int? stride = null, Padding padding = default, string? name = null) =>
        Conv1D(filters, kernelSize, new Conv1DOptions { Stride = stride ?? 1, Padding = padding }, name);

    /// <inheritdoc cref="Conv1D(int, int, int?, Padding, string?)"/>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's length.</param>
    /// <param name="options">Stride, padding, dilation, groups, bias.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network Conv1D(int filters, int kernelSize, Conv1DOptions options, string? name = null) =>
        Add(new Conv1D(Channels(nameof(Conv1D), name, 1), filters, kernelSize, options), name);

    /// <summary>2-D convolution; see <see cref="Layers.Conv2D"/>.</summary>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's rows and columns.</param>
    /// <param name="stride">Steps between neighbouring outputs; 1 by default.</param>
    /// <param name="padding">Zeros put around the input; none by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Conv2D(int filters, Size2D kernelSize, Size2D? stride = null, Padding padding = default, string? name = null) =>
        Conv2D(filters, kernelSize, new Conv2DOptions { Stride = stride ?? 1, Padding = padding }, name);

    /// <inheritdoc cref="Conv2D(int, Size2D, Size2D?, Padding, string?)"/>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's rows and columns.</param>
    /// <param name="options">Stride, padding, dilation, groups, bias.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network Conv2D(int filters, Size2D kernelSize, Conv2DOptions options, string? name = null) =>
        Add(new Conv2D(Channels(nameof(Conv2D), name, 2), filters, kernelSize, options), name);

    /// <summary>3-D convolution; see <see cref="Layers.Conv3D"/>.</summary>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's depth, rows and columns.</param>
    /// <param name="stride">Steps between neighbouring outputs; 1 by default.</param>
    /// <param name="padding">Zeros put around the input; none by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Conv3D(int filters, Size3D kernelSize, Size3D? stride = null, Padding padding = default, string? name = null) =>
        Conv3D(filters, kernelSize, new Conv3DOptions { Stride = stride ?? 1, Padding = padding }, name);

    /// <inheritdoc cref="Conv3D(int, Size3D, Size3D?, Padding, string?)"/>
    /// <param name="filters">The output's channels.</param>
    /// <param name="kernelSize">The kernel's depth, rows and columns.</param>
    /// <param name="options">Stride, padding, dilation, groups, bias.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    public Network Conv3D(int filters, Size3D kernelSize, Conv3DOptions options, string? name = null) =>
        Add(new Conv3D(Channels(nameof(Conv3D), name, 3), filters, kernelSize, options), name);

    /// <summary>1-D transposed convolution, which enlarges; see <see cref="Layers.ConvTranspose1D"/>.</summary>
    public Network ConvTranspose1D(int filters, int kernelSize, Conv1DOptions? options = null, int outputPadding = default, string? name = null) =>
        Add(new ConvTranspose1D(Channels(nameof(ConvTranspose1D), name, 1), filters, kernelSize, options, outputPadding), name);

    /// <summary>2-D transposed convolution, which enlarges; see <see cref="Layers.ConvTranspose2D"/>.</summary>
    public Network ConvTranspose2D(int filters, Size2D kernelSize, Conv2DOptions? options = null, Size2D outputPadding = default, string? name = null) =>
        Add(new ConvTranspose2D(Channels(nameof(ConvTranspose2D), name, 2), filters, kernelSize, options, outputPadding), name);

    /// <summary>3-D transposed convolution, which enlarges; see <see cref="Layers.ConvTranspose3D"/>.</summary>
    public Network ConvTranspose3D(int filters, Size3D kernelSize, Conv3DOptions? options = null, Size3D outputPadding = default, string? name = null) =>
        Add(new ConvTranspose3D(Channels(nameof(ConvTranspose3D), name, 3), filters, kernelSize, options, outputPadding), name);

    /// <summary>2-D convolution of each channel by itself; see <see cref="Layers.DepthwiseConv2D"/>.</summary>
    public Network DepthwiseConv2D(Size2D kernelSize, int depthMultiplier = 1, Conv2DOptions? options = null, string? name = null) =>
        Add(new DepthwiseConv2D(Channels(nameof(DepthwiseConv2D), name, 2), kernelSize, depthMultiplier, options), name);

    /// <summary>Depthwise convolution, then a 1×1 convolution; see <see cref="Layers.SeparableConv2D"/>.</summary>
    public Network SeparableConv2D(int filters, Size2D kernelSize, int depthMultiplier = 1, Conv2DOptions? options = null, string? name = null) =>
        Add(new SeparableConv2D(Channels(nameof(SeparableConv2D), name, 2), filters, kernelSize, depthMultiplier, options), name);

    /// <summary>The largest of each window; see <see cref="Layers.MaxPool1D"/>.</summary>
    public Network MaxPool1D(int poolSize, int? stride = null, Padding padding = default, string? name = null) =>
        Add(new MaxPool1D(poolSize, stride, padding), name);

    /// <summary>The mean of each window; see <see cref="Layers.AvgPool1D"/>.</summary>
    public Network AvgPool1D(int poolSize, int? stride = null, Padding padding = default, string? name = null) =>
        Add(new AvgPool1D(poolSize, stride, padding), name);

    /// <summary>The mean of each channel; see <see cref="Layers.GlobalAvgPool1D"/>.</summary>
    public Network GlobalAvgPool1D(string? name = null) => Add(new GlobalAvgPool1D(), name);

    /// <summary>The largest of each channel; see <see cref="Layers.GlobalMaxPool1D"/>.</summary>
    public Network GlobalMaxPool1D(string? name = null) => Add(new GlobalMaxPool1D(), name);

    /// <summary>The largest of each window; see <see cref="Layers.MaxPool2D"/>.</summary>
    public Network MaxPool2D(Size2D poolSize, Size2D? stride = null, Padding padding = default, string? name = null) =>
        Add(new MaxPool2D(poolSize, stride, padding), name);

    /// <summary>The mean of each window; see <see cref="Layers.AvgPool2D"/>.</summary>
    public Network AvgPool2D(Size2D poolSize, Size2D? stride = null, Padding padding = default, string? name = null) =>
        Add(new AvgPool2D(poolSize, stride, padding), name);

    /// <summary>The mean of each channel; see <see cref="Layers.GlobalAvgPool2D"/>.</summary>
    public Network GlobalAvgPool2D(string? name = null) => Add(new GlobalAvgPool2D(), name);

    /// <summary>The largest of each channel; see <see cref="Layers.GlobalMaxPool2D"/>.</summary>
    public Network GlobalMaxPool2D(string? name = null) => Add(new GlobalMaxPool2D(), name);

    /// <summary>The largest of each window; see <see cref="Layers.MaxPool3D"/>.</summary>
    public Network MaxPool3D(Size3D poolSize, Size3D? stride = null, Padding padding = default, string? name = null) =>
        Add(new MaxPool3D(poolSize, stride, padding), name);

    /// <summary>The mean of each window; see <see cref="Layers.AvgPool3D"/>.</summary>
    public Network AvgPool3D(Size3D poolSize, Size3D? stride = null, Padding padding = default, string? name = null) =>
        Add(new AvgPool3D(poolSize, stride, padding), name);

    /// <summary>The mean of each channel; see <see cref="Layers.GlobalAvgPool3D"/>.</summary>
    public Network GlobalAvgPool3D(string? name = null) => Add(new GlobalAvgPool3D(), name);

    /// <summary>The largest of each channel; see <see cref="Layers.GlobalMaxPool3D"/>.</summary>
    public Network GlobalMaxPool3D(string? name = null) => Add(new GlobalMaxPool3D(), name);

    /// <summary>The mean of each cell of a sequence; see <see cref="Layers.AdaptiveAvgPool1D"/>.</summary>
    public Network AdaptiveAvgPool1D(int outputSize, string? name = null) => Add(new AdaptiveAvgPool1D(outputSize), name);

    /// <summary>The largest of each cell of a sequence; see <see cref="Layers.AdaptiveMaxPool1D"/>.</summary>
    public Network AdaptiveMaxPool1D(int outputSize, string? name = null) => Add(new AdaptiveMaxPool1D(outputSize), name);

    /// <summary>The mean of each cell of a grid; see <see cref="Layers.AdaptiveAvgPool2D"/>.</summary>
    public Network AdaptiveAvgPool2D(Size2D outputSize, string? name = null) => Add(new AdaptiveAvgPool2D(outputSize), name);

    /// <summary>The largest of each cell of a grid; see <see cref="Layers.AdaptiveMaxPool2D"/>.</summary>
    public Network AdaptiveMaxPool2D(Size2D outputSize, string? name = null) => Add(new AdaptiveMaxPool2D(outputSize), name);

    /// <summary>The mean of each cell of a grid; see <see cref="Layers.AdaptiveAvgPool3D"/>.</summary>
    public Network AdaptiveAvgPool3D(Size3D outputSize, string? name = null) => Add(new AdaptiveAvgPool3D(outputSize), name);

    /// <summary>The largest of each cell of a grid; see <see cref="Layers.AdaptiveMaxPool3D"/>.</summary>
    public Network AdaptiveMaxPool3D(Size3D outputSize, string? name = null) => Add(new AdaptiveMaxPool3D(outputSize), name);

    /// <summary>Images enlarged by a whole number; see <see cref="Layers.UpSample2D"/>.</summary>
    public Network UpSample2D(Size2D scale, Interpolation interpolation = Interpolation.Nearest, string? name = null) =>
        Add(new UpSample2D(scale, interpolation), name);

    /// <summary>Zeros put around images; see <see cref="Layers.ZeroPad2D"/>.</summary>
    public Network ZeroPad2D(Padding padding, string? name = null) => Add(new ZeroPad2D(padding), name);

    /// <summary>The edges of images cut off; see <see cref="Layers.Crop2D"/>.</summary>
    public Network Crop2D(Padding cropping, string? name = null) => Add(new Crop2D(cropping), name);

    /// <summary>The channels of the shape so far, which must have some axes besides.</summary>
    private int Channels(string kind, string? name, int axes) => _shape.Rank == axes + 1
        ? _shape[0]
        : throw ShapeException.Of(
            Describe(kind, name), $"(channels, {Windows.NamesOf(axes)})", $"{_shape}", $"Start with Network.Input(channels, {Windows.NamesOf(axes)}).");
}
