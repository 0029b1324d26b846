using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Convolutions
{
    public static OperationTable Table { get; } = new()
    {
        { "conv1d", c => Run(c, 1, transposed: false) },
        { "conv2d", c => Run(c, 2, transposed: false) },
        { "conv3d", c => Run(c, 3, transposed: false) },
        { "conv_transpose1d", c => Run(c, 1, transposed: true) },
        { "conv_transpose2d", c => Run(c, 2, transposed: true) },
        { "conv_transpose3d", c => Run(c, 3, transposed: true) },
        { "depthwise_conv2d", c => Run(c, 2, transposed: false) },
    };

    /// <summary>Channels, kernel and bias are those of the weights.</summary>
    private static Tensor Run(ConformanceCase c, int axes, bool transposed)
    {
        c.Options.FollowFromShapes("in_channels", "out_channels", "kernel_size", "bias");
        var (weight, o) = (c["weight"].Shape, c.Options);
        var groups = o.Integer("groups", transposed ? 1 : c["x"].Shape[^(axes + 1)] / weight[1]);
        var settings = new Settings(weight.Sizes[2..].ToArray(), o.Sizes("stride", axes, 1), o.Sizes("dilation", axes, 1), o.Sizes("output_padding", axes, 0), groups, c.Has("param.bias"));
        var mode = o.Text("padding_mode", "zeros");
        var padding = PaddingOf(c, axes);
        var layer = transposed
            ? Transposed(weight[0], weight[1] * groups, settings, padding, c.DType)
            : Plain(weight[1] * groups, weight[0], settings, mode == "zeros" ? padding : 0, c.DType);
        return Batches.Forward(c.Load(layer), mode == "zeros" ? c["x"] : Padded(c, axes, mode), axes + 2);
    }

    /// <summary>As a depthwise layer where each channel is its own group.</summary>
    private static ConvLayer Plain(int inputs, int outputs, Settings s, Padding padding, DType dtype) => s.Kernel switch
    {
        [var length] => new Conv1D(inputs, outputs, length, new() { Stride = s.Stride[0], Dilation = s.Dilation[0], Padding = padding, Groups = s.Groups, UseBias = s.Bias }, dtype),
        [var rows, var columns] when s.Groups == inputs && inputs > 1 => new DepthwiseConv2D(inputs, (rows, columns), outputs / inputs, Options2D(s, padding), dtype),
        [var rows, var columns] => new Conv2D(inputs, outputs, (rows, columns), Options2D(s, padding), dtype),
        [var depth, var rows, var columns] => new Conv3D(inputs, outputs, (depth, rows, columns), Options3D(s, padding), dtype),
        _ => throw new FormatException("the kernel has another number of axes than the operation"),
    };

    private static ConvTransposeLayer Transposed(int inputs, int outputs, Settings s, Padding padding, DType dtype) => s.Kernel switch
    {
        [var length] => new ConvTranspose1D(inputs, outputs, length, new() { Stride = s.Stride[0], Dilation = s.Dilation[0], Padding = padding, Groups = s.Groups, UseBias = s.Bias }, s.Extra[0], dtype),
        [var rows, var columns] => new ConvTranspose2D(inputs, outputs, (rows, columns), Options2D(s, padding), Sizes.Of2D(s.Extra), dtype),
        [var depth, var rows, var columns] => new ConvTranspose3D(inputs, outputs, (depth, rows, columns), Options3D(s, padding), Sizes.Of3D(s.Extra), dtype),
        _ => throw new FormatException("the kernel has another number of axes than the operation"),
    };

    private static Conv2DOptions Options2D(Settings s, Padding padding) =>
        new() { Stride = Sizes.Of2D(s.Stride), Dilation = Sizes.Of2D(s.Dilation), Padding = padding, Groups = s.Groups, UseBias = s.Bias };

    private static Conv3DOptions Options3D(Settings s, Padding padding) =>
        new() { Stride = Sizes.Of3D(s.Stride), Dilation = Sizes.Of3D(s.Dilation), Padding = padding, Groups = s.Groups, UseBias = s.Bias };

    private static Padding PaddingOf(ConformanceCase c, int axes) => c.Options.IsText("padding")
        ? c.Options.Text("padding") switch
        {
            "same" => Padding.Same,
            "valid" => Padding.Valid,
            var other => throw new UnsupportedException($"unsupported: padding '{other}'"),
        }
        : Sizes.Padding(c.Options.Sizes("padding", axes, 0));

    private static Tensor Padded(ConformanceCase c, int axes, string mode)
    {
        UnsupportedException.ThrowIf(c.Options.IsText("padding"), $"padding '{mode}' without amounts");
        var amounts = c.Options.Sizes("padding", axes, 0);
        return amounts.Reverse().Select((amount, i) => (Axis: -1 - i, amount)).Aggregate(c["x"], (y, p) => y.Pad(p.Axis, p.amount, p.amount, Shapes.ModeOf(mode)));
    }

    private sealed record Settings(int[] Kernel, int[] Stride, int[] Dilation, int[] Extra, int Groups, bool Bias);
}
