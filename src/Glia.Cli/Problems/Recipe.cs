using System.Globalization;
using Glia.Cli.Commands;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Cli.Problems;

/// <summary>The model and the settings that suit a problem, unless the user says otherwise: an MLP for a table, a CNN for images.</summary>
internal sealed record Recipe
{
    /// <summary>With fewer samples than this an epoch is so short that many are needed, and validation so rough that patience is.</summary>
    private const int SmallData = 5000;

    public required SequentialNetwork Network { get; init; }

    /// <summary>The kind of network in words.</summary>
    public required string Family { get; init; }

    public required OptimizerKind Optimizer { get; init; }

    public required double LearningRate { get; init; }

    public required double WeightDecay { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>The largest number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>How many epochs without improvement end training.</summary>
    public required int Patience { get; init; }

    /// <summary>How training images are changed at random; null for not at all.</summary>
    public ImageAugmentation? Augmentation { get; init; }

    public static Recipe For(Problem problem, TrainOptions options)
    {
        var samples = problem.Train.Count;
        var isSmall = samples < SmallData;
        var input = problem.Train.InputShape;
        var outputs = problem.Task == TaskKind.Classification ? problem.Classes.Count : 1;
        var isImage = input.Rank == 3;
        var network = isImage
            ? Cnn(input, options.Hidden ?? [64], outputs)
            : Mlp(input, options.Hidden ?? (isSmall ? [64, 32] : [128, 64]), outputs);
        var optimizer = options.Optimizer ?? OptimizerKind.AdamW;
        return new Recipe
        {
            Network = network.Build(options.Seed),
            Family = isImage ? "convolutional network" : "multi-layer perceptron",
            Optimizer = optimizer,
            LearningRate = options.LearningRate ?? (optimizer == OptimizerKind.Sgd ? 0.02 : 2e-3),
            // What is believed beforehand, small weights, counts the less the more samples there are.
            WeightDecay = Math.Clamp(100.0 / samples, 0.01, 1),
            BatchSize = options.BatchSize ?? (samples < 500 ? 16 : samples < 20_000 ? 32 : 128),
            Epochs = options.Epochs ?? (isImage, isSmall) switch
            {
                (true, true) => 40,
                (true, false) => 12,
                (false, true) => 400,
                (false, false) => 100,
            },
            Augmentation = Augmentations.For(input, options),
            Patience = (isImage, isSmall) switch
            {
                (true, true) => 10,
                (true, false) => 3,
                (false, true) => 40,
                (false, false) => 10,
            },
        };
    }

    public Optimizer CreateOptimizer() => Optimizer switch
    {
        OptimizerKind.Sgd => new Sgd(LearningRate, momentum: 0.9),
        OptimizerKind.AdamW => new AdamW(LearningRate, weightDecay: WeightDecay),
        _ => new Adam(LearningRate),
    };

    private static Network Mlp(Shape input, int[] hidden, int outputs) => AddDense(Glia.Network.Input(input.Sizes), input.Count, hidden, outputs);

    /// <summary>Blocks of convolution and pooling while the image is large enough, then fully connected layers.</summary>
    private static Network Cnn(Shape input, int[] hidden, int outputs)
    {
        const int MaxFilters = 64;
        var network = Glia.Network.Input(input.Sizes);
        var (height, width, filters) = (input[1], input[2], 16);
        // An image as small as 8×8 is pooled once only: there is little to give away.
        network.Conv2D(filters, 3, padding: 1).ReLU();
        if (Math.Min(height, width) >= 16)
        {
            network.MaxPool2D(2);
            (height, width) = (height / 2, width / 2);
        }
        do
        {
            filters = Math.Min(2 * filters, MaxFilters);
            network.Conv2D(filters, 3, padding: 1).ReLU().MaxPool2D(2);
            (height, width) = (height / 2, width / 2);
        }
        while (Math.Min(height, width) >= 14);
        return AddDense(network.Flatten().Dropout(0.3), (long)filters * height * width, hidden, outputs);
    }

    private static Network AddDense(Network network, long inputs, int[] hidden, int outputs)
    {
        RequireMemory(inputs, hidden, outputs);
        foreach (var units in hidden)
            network.Dense(units).ReLU();
        return network.Dense(outputs, name: "output");
    }

    /// <summary>Asked before weights are made: a system that promises more memory than it has would end the program without a word.</summary>
    private static void RequireMemory(long inputs, int[] hidden, int outputs)
    {
        // A weight, its gradient, the optimiser's two moments, and the best weights so far.
        const double BytesPerParameter = 5 * sizeof(float);
        const double Gibi = 1 << 30;
        var parameters = 0.0;
        foreach (var units in (int[])[.. hidden, outputs])
        {
            parameters += (inputs + 1.0) * units;
            inputs = units;
        }
        var (needed, available) = (parameters * BytesPerParameter, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        if (needed > available)
        {
            throw new UserException(string.Create(
                CultureInfo.InvariantCulture,
                $"The network would have {parameters:G3} parameters, which take {needed / Gibi:F1} GiB to train, but there are {available / Gibi:F1} GiB of memory. Choose fewer neurons with --hidden."));
        }
    }
}
