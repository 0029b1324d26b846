using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Convolutions
{
    public static OperationTable Table { get; } = new()
    {
        { "conv1d", Convolve1D },
        { "conv2d", Convolve2D },
        { "depthwise_conv2d", Convolve2D },
    };

    private static Tensor Convolve2D(ConformanceCase c)
    {
        var layer = new Conv2D(
            c.Options.Integer("in_channels"), c.Options.Integer("out_channels"), c.Options.Size("kernel_size", 1), OptionsOf(c), c.DType);
        return c.Load(layer).Forward(c["x"]);
    }

    /// <summary>One row of an image.</summary>
    private static Tensor Convolve1D(ConformanceCase c)
    {
        c.Options.FollowFromShapes("in_channels", "out_channels", "kernel_size");
        var options = OptionsOf(c);
        return Rows.Of(c["x"], image => Tensor.Conv2D(image, Rows.Add(c["weight"]), options.UseBias ? c["bias"] : null, options));
    }

    private static Conv2DOptions OptionsOf(ConformanceCase c) => new()
    {
        Stride = c.Options.Size("stride", 1),
        Padding = c.Options.Size("padding", 0),
        Dilation = c.Options.Size("dilation", 1),
        Groups = c.Options.Integer("groups"),
        UseBias = c.Options.Flag("bias"),
    };
}

/// <summary>Sequences (batch, channels, length) as images of one row.</summary>
internal static class Rows
{
    public static Tensor Add(Tensor sequence) => sequence.Reshape(sequence.Shape[0], sequence.Shape[1], 1, sequence.Shape[2]);

    public static Tensor Of(Tensor sequence, Func<Tensor, Tensor> onImages)
    {
        var y = onImages(Add(sequence));
        return y.Reshape(y.Shape.Without(2));
    }
}
