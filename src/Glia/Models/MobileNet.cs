using Glia.Layers;

namespace Glia.Models;

/// <summary>
/// MobileNet (Howard et al. 2017): 13 separable convolutions, each a depthwise 3×3 and a 1×1 convolution with batch normalisation and ReLU behind
/// both. 4,231,976 parameters for 3 channels and 1000 classes.
/// </summary>
public static class MobileNet
{
    private static readonly (int Filters, int Stride)[] Blocks =
    [
        (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
    ];

    /// <summary>Makes the network.</summary>
    /// <param name="channels">The images' channels; 3 by default.</param>
    /// <param name="size">The images' rows and columns; 224 by default.</param>
    /// <param name="classes">The number of logits; 1000 by default.</param>
    /// <param name="width">By what all numbers of filters are multiplied, above 0; 1 by default.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive.</exception>
    public static SequentialNetwork Create(int channels = 3, Size2D? size = null, int classes = 1000, double width = 1, ulong seed = 0)
    {
        if (!(width > 0 && double.IsFinite(width)))
            throw new ArgumentOutOfRangeException(nameof(width), width, "MobileNet expects a width above 0.");
        var (rows, columns) = size ?? 224;
        var network = Network.Input(channels, rows, columns).ConvBatchNorm(Scaled(32, width), 3, stride: 2).ReLU();
        foreach (var (filters, stride) in Blocks)
        {
            network.DepthwiseConv2D(3, options: new() { Stride = stride, Padding = 1, UseBias = false }).BatchNorm().ReLU()
                .ConvBatchNorm(Scaled(filters, width), 1).ReLU();
        }
        return network.GlobalAvgPool2D().Flatten().Dense(classes).Build(seed);
    }

    private static int Scaled(int filters, double width) => Math.Max(1, (int)Math.Round(filters * width));
}
