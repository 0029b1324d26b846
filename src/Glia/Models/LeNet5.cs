using Glia.Layers;

namespace Glia.Models;

/// <summary>
/// LeNet-5 (LeCun et al. 1998) for images of 1 × 28 × 28, with ReLU and max pooling as it is taught today, and every map of the second convolution
/// connected to every one of the first: 61,706 parameters for 10 classes.
/// </summary>
public static class LeNet5
{
    /// <summary>Makes the network.</summary>
    /// <param name="classes">The number of logits; 10 by default.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    public static SequentialNetwork Create(int classes = 10, ulong seed = 0) => Network.Input(1, 28, 28)
        .Conv2D(6, kernelSize: 5, padding: 2).ReLU().MaxPool2D(2)
        .Conv2D(16, kernelSize: 5).ReLU().MaxPool2D(2)
        .Flatten().Dense(120).ReLU().Dense(84).ReLU().Dense(classes)
        .Build(seed);
}
