using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Convolutions
{
    public static OperationTable Table { get; } = new()
    {
        { "conv1d", c => Run(c, (inputs, outputs) => new Conv1D(inputs, outputs, c.Options.Size("kernel_size"), Options1D(c), c.DType)) },
        { "conv2d", c => Run(c, (inputs, outputs) => new Conv2D(inputs, outputs, c.Options.Pair("kernel_size"), Options2D(c), c.DType)) },
        { "conv3d", c => Run(c, (inputs, outputs) => new Conv3D(inputs, outputs, c.Options.Triple("kernel_size"), Options3D(c), c.DType)) },
        { "conv_transpose1d", c => Run(c, (inputs, outputs) => new ConvTranspose1D(inputs, outputs, c.Options.Size("kernel_size"), Options1D(c), c.Options.Size("output_padding"), c.DType)) },
        { "conv_transpose2d", c => Run(c, (inputs, outputs) => new ConvTranspose2D(inputs, outputs, c.Options.Pair("kernel_size"), Options2D(c), c.Options.Pair("output_padding"), c.DType)) },
        { "depthwise_conv2d", ConvolveDepthwise },
    };

    private static Tensor Run(ConformanceCase c, Func<int, int, Layer> create) =>
        c.Load(create(c.Options.Integer("in_channels"), c.Options.Integer("out_channels"))).Forward(c["x"]);

    /// <summary>As a depthwise layer where each channel is its own group, else as a grouped one.</summary>
    private static Tensor ConvolveDepthwise(ConformanceCase c) => Run(c, (inputs, outputs) => c.Options.Integer("groups") == inputs
        ? new DepthwiseConv2D(inputs, c.Options.Pair("kernel_size"), outputs / inputs, Options2D(c), c.DType)
        : new Conv2D(inputs, outputs, c.Options.Pair("kernel_size"), Options2D(c), c.DType));

    private static Conv1DOptions Options1D(ConformanceCase c) => new()
    {
        Stride = c.Options.Size("stride"),
        Padding = c.Options.Size("padding"),
        Dilation = c.Options.Size("dilation"),
        Groups = c.Options.Integer("groups"),
        UseBias = c.Options.Flag("bias"),
    };

    private static Conv2DOptions Options2D(ConformanceCase c) => new()
    {
        Stride = c.Options.Pair("stride"),
        Padding = c.Options.Pair("padding"),
        Dilation = c.Options.Pair("dilation"),
        Groups = c.Options.Integer("groups"),
        UseBias = c.Options.Flag("bias"),
    };

    private static Conv3DOptions Options3D(ConformanceCase c) => new()
    {
        Stride = c.Options.Triple("stride"),
        Padding = c.Options.Triple("padding"),
        Dilation = c.Options.Triple("dilation"),
        Groups = c.Options.Integer("groups"),
        UseBias = c.Options.Flag("bias"),
    };
}
