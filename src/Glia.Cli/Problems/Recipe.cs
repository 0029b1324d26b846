using Glia.Cli.Commands;
using Glia.Data;
using Glia.Layers;

namespace Glia.Cli.Problems;

/// <summary>The model and the settings that suit a problem, unless the user says otherwise: an MLP for a table, a CNN for images.</summary>
internal sealed record Recipe(SequentialNetwork Network, string Family, int Epochs, int BatchSize, double LearningRate, int Patience)
{
    public static Recipe For(Problem problem, TrainOptions options)
    {
        var outputs = problem.Task == TaskKind.Classification ? problem.Classes.Count : 1;
        var input = problem.Train.InputShape;
        var isImage = input.Rank == 3;
        var network = (isImage ? Cnn(input, options.Hidden ?? [64], outputs) : Mlp(input, options.Hidden ?? [64, 32], outputs)).Build(options.Seed);
        // Small tables make few steps per epoch, so they get more epochs and more patience.
        var isSmall = problem.Train.Count < 5000;
        return new Recipe(
            network,
            isImage ? "convolutional network" : "multi-layer perceptron",
            options.Epochs ?? (isImage ? (isSmall ? 40 : 12) : isSmall ? 200 : 60),
            options.BatchSize ?? (problem.Train.Count < 500 ? 16 : problem.Train.Count < 20_000 ? 32 : 128),
            options.LearningRate ?? (options.Optimizer == OptimizerKind.Sgd ? 0.02 : isImage ? 2e-3 : 1e-3),
            isImage ? (isSmall ? 10 : 3) : isSmall ? 25 : 8);
    }

    private static Network Mlp(Shape input, int[] hidden, int outputs)
    {
        var network = Glia.Network.Input(input.Sizes);
        foreach (var units in hidden)
            network.Dense(units).ReLU();
        return network.Dense(outputs, name: "output");
    }

    /// <summary>Blocks of convolution and pooling while the image is large enough, then fully connected layers.</summary>
    private static Network Cnn(Shape input, int[] hidden, int outputs)
    {
        const int MaxFilters = 64;
        var network = Glia.Network.Input(input.Sizes);
        var (size, filters) = (Math.Min(input[1], input[2]), 16);
        // An image as small as 8×8 is pooled once only: there is little to give away.
        network.Conv2D(filters, 3, padding: 1).ReLU();
        if (size >= 16)
        {
            network.MaxPool2D(2);
            size /= 2;
        }
        do
        {
            filters = Math.Min(2 * filters, MaxFilters);
            network.Conv2D(filters, 3, padding: 1).ReLU().MaxPool2D(2);
            size /= 2;
        }
        while (size >= 14);
        network.Flatten().Dropout(0.3);
        foreach (var units in hidden)
            network.Dense(units).ReLU();
        return network.Dense(outputs, name: "output");
    }
}
