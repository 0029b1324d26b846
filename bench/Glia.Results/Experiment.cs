using Glia.Layers;
using Glia.Models;
using Glia.Optimizers;
using Glia.Training;

namespace Glia.Results;

/// <summary>A network, the data it learns, and how.</summary>
/// <param name="Name">The name of its rows.</param>
/// <param name="DataName">Which data: <c>mnist</c> or <c>fashion-mnist</c>.</param>
/// <param name="Description">Network and training, for the page.</param>
/// <param name="Published">What it is compared with.</param>
/// <param name="Build">Makes the network from a seed.</param>
internal sealed record Experiment(string Name, string DataName, string Description, string Published, Func<ulong, SequentialNetwork> Build)
{
    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>The highest rate of the one-cycle schedule.</summary>
    public required double MaximumRate { get; init; }

    public static IReadOnlyList<Experiment> All { get; } =
    [
        new(
            "MLP 784-300-100-10",
            "mnist",
            "ReLU, dropout 0.25 after each hidden layer",
            "LeCun et al. 1998: 3.05 %",
            seed => Network.Input(1, 28, 28).Flatten().Dense(300).ReLU().Dropout(0.25).Dense(100).ReLU().Dropout(0.25).Dense(10).Build(seed))
        {
            Epochs = 25,
            BatchSize = 128,
            MaximumRate = 2e-3,
        },
        new("LeNet-5", "mnist", "ReLU and max pooling, no augmentation", "LeCun et al. 1998: 0.95 %", seed => LeNet5.Create(10, seed))
        {
            Epochs = 10,
            BatchSize = 64,
            MaximumRate = 3e-3,
        },
        new(
            "CNN 32-64",
            "fashion-mnist",
            "two blocks of convolution 3 × 3, batch normalisation, ReLU, max pooling and dropout 0.25; a hidden layer of 128 with dropout 0.5",
            "benchmark of the data set's authors, two convolutions with pooling: 8.4 to 12.4 %",
            seed => Network.Input(1, 28, 28)
                .Conv2D(32, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2).Dropout(0.25)
                .Conv2D(64, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2).Dropout(0.25)
                .Flatten().Dense(128).ReLU().Dropout(0.5).Dense(10).Build(seed))
        {
            Epochs = 8,
            BatchSize = 128,
            MaximumRate = 4e-3,
        },
    ];

    public Trainer TrainerFor(SequentialNetwork network, int samples, ulong seed, Callback progress) =>
        new(network, Loss.CrossEntropy, new AdamW(weightDecay: 0.01))
        {
            Seed = seed,
            Metrics = [new Accuracy()],
            Callbacks = [new LearningRateScheduler(new OneCycleSchedule(MaximumRate, Epochs * ((samples + BatchSize - 1) / BatchSize))), progress],
        };
}
