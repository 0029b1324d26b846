using Glia.Layers;

namespace Glia.Models;

/// <summary>
/// The smallest VGG (configuration A of Simonyan and Zisserman 2015) with batch normalisation and one dense layer, as used on small images: eight 3×3
/// convolutions and five max poolings. 9,231,114 parameters for 3 × 32 × 32 and 10 classes.
/// </summary>
public static class Vgg11
{
    /// <summary>Makes the network.</summary>
    /// <param name="channels">The images' channels; 3 by default.</param>
    /// <param name="size">The images' rows and columns, at least 32; 32 by default.</param>
    /// <param name="classes">The number of logits; 10 by default.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    /// <exception cref="ShapeException">The images are too small.</exception>
    public static SequentialNetwork Create(int channels = 3, Size2D? size = null, int classes = 10, ulong seed = 0)
    {
        var (rows, columns) = size ?? 32;
        var network = Network.Input(channels, rows, columns);
        foreach (int[] stage in new int[][] { [64], [128], [256, 256], [512, 512], [512, 512] })
        {
            foreach (var filters in stage)
                network.Conv2D(filters, kernelSize: 3, padding: 1).BatchNorm().ReLU();
            network.MaxPool2D(2);
        }
        return network.Flatten().Dense(classes).Build(seed);
    }
}
