using Glia.Layers;

namespace Glia.Conformance.Operations;

internal static class Pooling
{
    public static OperationTable Table { get; } = new()
    {
        { "avg_pool1d", c => Rows.Of(c["x"], AveragePool(c).Forward) },
        { "avg_pool2d", c => AveragePool(c).Forward(c["x"]) },
        { "global_avg_pool2d", c => GlobalAveragePool(c).Forward(c["x"]) },
        { "global_max_pool2d", c => GlobalMaxPool(c).Forward(c["x"]) },
        { "max_pool1d", c => Rows.Of(c["x"], MaxPool(c).Forward) },
        { "max_pool2d", c => MaxPool(c).Forward(c["x"]) },
    };

    private static AvgPool2D AveragePool(ConformanceCase c) => new AvgPool2D(
        c.Options.Size("kernel_size", 1), c.Options.Size("stride", 1), c.Options.Size("padding", 0), c.Options.Flag("ceil_mode"),
        c.Options.Flag("count_include_pad"));

    private static MaxPool2D MaxPool(ConformanceCase c)
    {
        UnsupportedException.ThrowIf(c.Options.Size("dilation", 1) != new Size2D(1, 1), "max pooling with dilation");
        return new MaxPool2D(c.Options.Size("kernel_size", 1), c.Options.Size("stride", 1), c.Options.Size("padding", 0), c.Options.Flag("ceil_mode"));
    }

    private static GlobalAvgPool2D GlobalAveragePool(ConformanceCase c)
    {
        RequireSingleCell(c);
        return new GlobalAvgPool2D();
    }

    /// <summary>A window as large as the image.</summary>
    private static MaxPool2D GlobalMaxPool(ConformanceCase c)
    {
        RequireSingleCell(c);
        return new MaxPool2D((c["x"].Shape[2], c["x"].Shape[3]));
    }

    private static void RequireSingleCell(ConformanceCase c) =>
        UnsupportedException.ThrowIf(c.Options.Size("output_size", 1) != new Size2D(1, 1), "global pooling to more than one cell");
}
