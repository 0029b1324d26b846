using Glia.Layers;

namespace Glia.Models;

/// <summary>
/// Residual networks (He et al. 2016) of blocks of two 3×3 convolutions. Where a block changes the shape, a 1×1 convolution with batch normalisation
/// is its shortcut.
/// </summary>
public static class ResNet
{
    /// <summary>ResNet-18: 11,689,512 parameters for 3 channels and 1000 classes.</summary>
    /// <param name="channels">The images' channels; 3 by default.</param>
    /// <param name="size">The images' rows and columns; 224 by default.</param>
    /// <param name="classes">The number of logits; 1000 by default.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    public static SequentialNetwork Create18(int channels = 3, Size2D? size = null, int classes = 1000, ulong seed = 0)
    {
        var (rows, columns) = size ?? 224;
        var network = Network.Input(channels, rows, columns).ConvBatchNorm(64, 7, stride: 2).ReLU().MaxPool2D(3, stride: 2, padding: 1);
        return Classify(AddStages(network, blocks: 2, 64, 128, 256, 512), classes).Build(seed);
    }

    /// <summary>ResNet-20 for small images such as CIFAR-10: 272,474 parameters for 3 channels and 10 classes (published: 0.27 million).</summary>
    /// <param name="channels">The images' channels; 3 by default.</param>
    /// <param name="size">The images' rows and columns; 32 by default.</param>
    /// <param name="classes">The number of logits; 10 by default.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    public static SequentialNetwork Create20(int channels = 3, Size2D? size = null, int classes = 10, ulong seed = 0)
    {
        var (rows, columns) = size ?? 32;
        var network = Network.Input(channels, rows, columns).ConvBatchNorm(16, 3).ReLU();
        return Classify(AddStages(network, blocks: 3, 16, 32, 64), classes).Build(seed);
    }

    /// <summary>Stages of equal blocks; each but the first begins with a stride of 2.</summary>
    private static Network AddStages(Network network, int blocks, params ReadOnlySpan<int> filters)
    {
        for (var stage = 0; stage < filters.Length; stage++)
        {
            for (var block = 0; block < blocks; block++)
                AddBlock(network, filters[stage], changesShape: stage > 0 && block == 0);
        }
        return network;
    }

    private static void AddBlock(Network network, int filters, bool changesShape)
    {
        var stride = changesShape ? 2 : 1;
        network.Residual(
            body => body.ConvBatchNorm(filters, 3, stride).ReLU().ConvBatchNorm(filters, 3),
            changesShape ? shortcut => shortcut.ConvBatchNorm(filters, 1, stride) : null).ReLU();
    }

    private static Network Classify(Network network, int classes) => network.GlobalAvgPool2D().Flatten().Dense(classes);
}
