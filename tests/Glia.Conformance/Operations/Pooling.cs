using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Pooling
{
    public static OperationTable Table { get; } = new()
    {
        { "adaptive_avg_pool2d", c => new AdaptiveAvgPool2D(c.Options.Pair("output_size")).Forward(c["x"]) },
        { "adaptive_max_pool2d", c => new AdaptiveMaxPool2D(c.Options.Pair("output_size")).Forward(c["x"]) },
        { "avg_pool1d", c => new AvgPool1D(c.Options.Size("kernel_size"), c.Options.Size("stride"), c.Options.Size("padding"), c.Options.Flag("ceil_mode"), CountsPadding(c)).Forward(c["x"]) },
        { "avg_pool2d", c => new AvgPool2D(c.Options.Pair("kernel_size"), c.Options.Pair("stride"), c.Options.Pair("padding"), c.Options.Flag("ceil_mode"), CountsPadding(c)).Forward(c["x"]) },
        { "global_avg_pool2d", c => Global(c, new GlobalAvgPool2D()) },
        { "global_max_pool2d", c => Global(c, new GlobalMaxPool2D()) },
        { "max_pool1d", c => new MaxPool1D(c.Options.Size("kernel_size"), c.Options.Size("stride"), c.Options.Size("padding"), c.Options.Flag("ceil_mode"), c.Options.Size("dilation")).Forward(c["x"]) },
        { "max_pool2d", c => new MaxPool2D(c.Options.Pair("kernel_size"), c.Options.Pair("stride"), c.Options.Pair("padding"), c.Options.Flag("ceil_mode"), c.Options.Pair("dilation")).Forward(c["x"]) },
        { "upsample_nearest2d", c => new UpSample2D(c.Options.Integer("scale_factor")).Forward(c["x"]) },
    };

    private static bool CountsPadding(ConformanceCase c) => c.Options.Flag("count_include_pad");

    private static Tensor Global(ConformanceCase c, Layer layer)
    {
        UnsupportedException.ThrowIf(c.Options.Pair("output_size") != 1, "global pooling to more than one cell");
        return layer.Forward(c["x"]);
    }
}
