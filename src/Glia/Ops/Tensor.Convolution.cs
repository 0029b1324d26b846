using Glia.Kernels;
using Glia.Layers;

namespace Glia;

public partial class Tensor
{
    /// <summary>1-D convolution (cross-correlation) of sequences (batch, channels, length); see <see cref="Layers.Conv1D"/>.</summary>
    /// <param name="input">(batch, channels, length).</param>
    /// <param name="weight">(filters, channels / groups, length).</param>
    /// <param name="bias">(filters,), or null.</param>
    /// <param name="options">Stride, padding, dilation and groups; its bias setting does not count here.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor Conv1D(Tensor input, Tensor weight, Tensor? bias = null, Conv1DOptions? options = null) =>
        Convolve("Conv1D", Require(input), weight, bias, (options ?? new()).With(KernelOf("Conv1D", weight, 1)));

    /// <summary>2-D convolution (cross-correlation) of images (batch, channels, rows, columns); see <see cref="Layers.Conv2D"/>.</summary>
    /// <param name="input">(batch, channels, rows, columns).</param>
    /// <param name="weight">(filters, channels / groups, kernel rows, kernel columns).</param>
    /// <param name="bias">(filters,), or null.</param>
    /// <param name="options">Stride, padding, dilation and groups; its bias setting does not count here.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor Conv2D(Tensor input, Tensor weight, Tensor? bias = null, Conv2DOptions? options = null) =>
        Convolve("Conv2D", Require(input), weight, bias, (options ?? new()).With(KernelOf("Conv2D", weight, 2)));

    /// <summary>3-D convolution (cross-correlation) of volumes (batch, channels, depth, rows, columns); see <see cref="Layers.Conv3D"/>.</summary>
    /// <param name="input">(batch, channels, depth, rows, columns).</param>
    /// <param name="weight">(filters, channels / groups, kernel depth, kernel rows, kernel columns).</param>
    /// <param name="bias">(filters,), or null.</param>
    /// <param name="options">Stride, padding, dilation and groups; its bias setting does not count here.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor Conv3D(Tensor input, Tensor weight, Tensor? bias = null, Conv3DOptions? options = null) =>
        Convolve("Conv3D", Require(input), weight, bias, (options ?? new()).With(KernelOf("Conv3D", weight, 3)));

    /// <summary>1-D transposed convolution of sequences (batch, channels, length); see <see cref="Layers.ConvTranspose1D"/>.</summary>
    /// <param name="input">(batch, channels, length).</param>
    /// <param name="weight">(channels, filters / groups, length).</param>
    /// <param name="bias">(filters,), or null.</param>
    /// <param name="options">Stride, padding (in numbers), dilation and groups; its bias setting does not count here.</param>
    /// <param name="outputPadding">How much larger the output is made on its far side; 0 by default.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor ConvTranspose1D(Tensor input, Tensor weight, Tensor? bias = null, Conv1DOptions? options = null, int outputPadding = default)
    {
        const string Name = "ConvTranspose1D";
        var settings = (options ?? new()).With(KernelOf(Name, weight, 1));
        Transposition.Validate(Name, settings.Windows, [outputPadding]);
        return ConvolveTransposed(Name, Require(input), weight, bias, settings, [outputPadding]);
    }

    /// <summary>2-D transposed convolution of images (batch, channels, rows, columns); see <see cref="Layers.ConvTranspose2D"/>.</summary>
    /// <param name="input">(batch, channels, rows, columns).</param>
    /// <param name="weight">(channels, filters / groups, kernel rows, kernel columns).</param>
    /// <param name="bias">(filters,), or null.</param>
    /// <param name="options">Stride, padding (in numbers), dilation and groups; its bias setting does not count here.</param>
    /// <param name="outputPadding">How much larger the output is made on its far side; 0 by default.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor ConvTranspose2D(Tensor input, Tensor weight, Tensor? bias = null, Conv2DOptions? options = null, Size2D outputPadding = default)
    {
        const string Name = "ConvTranspose2D";
        var settings = (options ?? new()).With(KernelOf(Name, weight, 2));
        Transposition.Validate(Name, settings.Windows, outputPadding.ToArray());
        return ConvolveTransposed(Name, Require(input), weight, bias, settings, outputPadding.ToArray());
    }

    /// <summary>3-D transposed convolution of volumes (batch, channels, depth, rows, columns); see <see cref="Layers.ConvTranspose3D"/>.</summary>
    /// <param name="input">(batch, channels, depth, rows, columns).</param>
    /// <param name="weight">(channels, filters / groups, kernel depth, kernel rows, kernel columns).</param>
    /// <param name="bias">(filters,), or null.</param>
    /// <param name="options">Stride, padding (in numbers), dilation and groups; its bias setting does not count here.</param>
    /// <param name="outputPadding">How much larger the output is made on its far side; 0 by default.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor ConvTranspose3D(Tensor input, Tensor weight, Tensor? bias = null, Conv3DOptions? options = null, Size3D outputPadding = default)
    {
        const string Name = "ConvTranspose3D";
        var settings = (options ?? new()).With(KernelOf(Name, weight, 3));
        Transposition.Validate(Name, settings.Windows, outputPadding.ToArray());
        return ConvolveTransposed(Name, Require(input), weight, bias, settings, outputPadding.ToArray());
    }

    internal static Tensor Convolve(string who, Tensor input, Tensor weight, Tensor? bias, ConvSettings settings, ActivationFunction? activation = null)
    {
        var (windows, groups) = (settings.Windows, settings.Groups);
        if (input.Rank != windows.Axes + 2 || input.Shape[1] != (long)weight.Shape[1] * groups || weight.Shape[0] % groups != 0)
        {
            throw ShapeException.Of(
                who, $"input (batch, channels, {windows.AxisNames}) and weight (filters, channels / groups, {windows.AxisNames})",
                $"{input.Shape} and {weight.Shape} with {groups} groups");
        }
        var filters = weight.Shape[0];
        RequireBias(who, bias, filters);
        var sizes = windows.Out(input.Shape.Sizes[2..]);
        if (Array.Exists(sizes, s => s < 1))
            throw ShapeException.Of(who, $"{windows.InputName} at least as large as the kernel", $"{input.Shape} and kernel {weight.Shape}");
        if (Tracing.Tracer.Current is { } tracer)
        {
            var convolved = tracer.Whole(new Tracing.ConvCall(who, settings, null), input, weight, bias);
            return activation is null ? convolved : activation.Apply(convolved);
        }
        var geometry = GeometryOf(input.Shape[0], input.Shape[1], filters, settings, input.Shape.Sizes[2..]);
        var output = new Shape([input.Shape[0], filters, .. sizes]);
        if (activation is not null && bias is not null)
            return activation.Convolution(geometry, output, input, weight, bias);
        var y = new ConvolutionOperation(ConvolutionPart.Output, geometry, output).Apply(input, weight);
        y = bias is null ? y : new ChannelBiasOperation().Apply(y, bias);
        return activation is null ? y : activation.Apply(y);
    }

    /// <summary>The gradient, with respect to its input, of the convolution whose output has the shape of <paramref name="input"/>.</summary>
    internal static Tensor ConvolveTransposed(string who, Tensor input, Tensor weight, Tensor? bias, ConvSettings settings, int[] outputPadding)
    {
        var (windows, groups) = (settings.Windows, settings.Groups);
        if (input.Rank != windows.Axes + 2 || input.Shape[1] != weight.Shape[0] || input.Shape[1] % groups != 0)
        {
            throw ShapeException.Of(
                who, $"input (batch, channels, {windows.AxisNames}) and weight (channels, filters / groups, {windows.AxisNames})",
                $"{input.Shape} and {weight.Shape} with {groups} groups");
        }
        var filters = checked(weight.Shape[1] * groups);
        RequireBias(who, bias, filters);
        var sizes = Transposition.Out(windows, outputPadding, input.Shape.Sizes[2..]);
        if (Array.Exists(sizes, s => s < 1))
            throw ShapeException.Of(who, "an output of at least one element", $"{input.Shape} and kernel {weight.Shape} with padding {windows.Padding}", "Use less padding.");
        if (Tracing.Tracer.Current is { } tracer)
            return tracer.Whole(new Tracing.ConvCall(who, settings, outputPadding), input, weight, bias);
        // An output padding of a stride or more: windows that the input has nothing for.
        for (var i = 0; i < windows.Axes; i++)
            input = input.Pad(i + 2, 0, outputPadding[i] / windows.Stride[i]);
        var geometry = GeometryOf(input.Shape[0], filters, input.Shape[1], settings, sizes);
        var y = new ConvolutionOperation(ConvolutionPart.Input, geometry, new([input.Shape[0], filters, .. sizes])).Apply(input, weight);
        return bias is null ? y : new ChannelBiasOperation().Apply(y, bias);
    }

    private static ConvGeometry GeometryOf(int batch, int inChannels, int outChannels, ConvSettings settings, ReadOnlySpan<int> sizes)
    {
        var (depth, height, width) = settings.Windows.Over(sizes);
        return new(batch, inChannels, outChannels, settings.Groups, depth, height, width);
    }

    private static int[] KernelOf(string who, Tensor weight, int axes) => Require(weight).Rank == axes + 2
        ? weight.Shape.Sizes[2..].ToArray()
        : throw ShapeException.Of(who, $"a weight of {axes + 2} axes", $"{weight.Shape}");

    private static void RequireBias(string who, Tensor? bias, int filters)
    {
        if (bias is not null && bias.Shape != new Shape(filters))
            throw ShapeException.Of(who, $"a bias of shape ({filters},)", $"{bias.Shape}");
    }
}
