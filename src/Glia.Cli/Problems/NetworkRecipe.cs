using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Cli.Runs;
using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;
using Glia.Training;

namespace Glia.Cli.Problems;

/// <summary>A network trained by gradients in mini-batches, with early stopping.</summary>
internal sealed class NetworkRecipe : Recipe
{
    /// <summary>With fewer samples than this an epoch is so short that many are needed, and validation so rough that patience is.</summary>
    private const int SmallData = 5000;

    private readonly OptimizerKind _optimizer;
    private readonly double _learningRate;
    private readonly double _weightDecay;
    private readonly int _batchSize;
    private readonly int _epochs;
    private readonly int _patience;
    private readonly AugmentKind _augment;
    private readonly ImageAugmentation? _augmentation;

    private NetworkRecipe(string family, Network network, Problem problem, TrainOptions options)
    {
        var samples = problem.Train.Count;
        Family = family;
        Network = network.Build(options.Seed);
        _augment = options.Augment;
        _augmentation = Augmentations.For(problem.Train.InputShape, options);
        _optimizer = options.Optimizer ?? OptimizerKind.AdamW;
        _learningRate = options.LearningRate ?? (_optimizer == OptimizerKind.Sgd ? 0.02 : 2e-3);
        // What is believed beforehand, small weights, counts the less the more samples there are.
        _weightDecay = Math.Clamp(100.0 / samples, 0.01, 1);
        _batchSize = options.BatchSize ?? (samples < 500 ? 16 : samples < 20_000 ? 32 : 128);
        _epochs = options.Epochs ?? (problem.IsImages, IsSmall(problem)) switch
        {
            (true, true) => 40,
            (true, false) => 12,
            (false, true) => 400,
            (false, false) => 100,
        };
        _patience = (problem.IsImages, IsSmall(problem)) switch
        {
            (true, true) => 10,
            (true, false) => 3,
            (false, true) => 40,
            (false, false) => 10,
        };
    }

    public override string Family { get; }

    public override SequentialNetwork Network { get; }

    public static NetworkRecipe Mlp(Problem problem, TrainOptions options)
    {
        var input = Glia.Network.Input(problem.Train.InputShape.Sizes);
        var network = AddDense(
            problem.IsImages ? input.Flatten() : input, problem.Train.InputShape.Count, options.Hidden ?? (IsSmall(problem) ? [64, 32] : [128, 64]), problem.OutputCount);
        return new("multi-layer perceptron", network, problem, options);
    }

    public static NetworkRecipe Cnn(Problem problem, TrainOptions options)
    {
        if (!problem.IsImages)
            throw new UserException($"{options.Data}: --family cnn needs images, whose neighbouring pixels belong together, but this is a table. Use --family mlp.");
        return new("convolutional network", Convolutions(problem.Train.InputShape, options.Hidden ?? [64], problem.OutputCount), problem, options);
    }

    public override string Describe()
    {
        var decay = _optimizer == OptimizerKind.AdamW ? FormattableString.Invariant($", weight decay {_weightDecay:G2}") : "";
        var augmentation = _augmentation is null ? "" : $"\naugmentation: {Augmentations.Describe(_augmentation)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{CreateOptimizer().Name}, learning rate {_learningRate}{decay}, batch size {_batchSize}, at most {_epochs} epochs, stops after {_patience} without improvement{augmentation}");
    }

    public override JsonObject Settings(ulong seed) => new()
    {
        ["optimizer"] = CreateOptimizer().Name,
        ["learningRate"] = _learningRate,
        ["weightDecay"] = _optimizer == OptimizerKind.AdamW ? _weightDecay : 0,
        ["batchSize"] = _batchSize,
        ["epochs"] = _epochs,
        ["augmentation"] = _augment.ToString().ToLowerInvariant(),
        ["seed"] = seed,
    };

    public override TrainingLog Train(Problem problem, ulong seed, Terminal terminal, CancellationToken cancellation)
    {
        var isClassification = problem.Task == TaskKind.Classification;
        Metric metric = isClassification ? new Accuracy() : new RootMeanSquaredError();
        var progress = new TrainingProgress(terminal, metric.Name, problem.TargetScale, cancellation);
        var trainer = new Trainer(Network, isClassification ? Loss.CrossEntropy : Loss.MeanSquaredError, CreateOptimizer())
        {
            Seed = seed,
            Metrics = [metric],
            Callbacks = [new EarlyStopping(_patience), progress],
        };
        var train = _augmentation is null ? problem.Train : problem.Train.Augment(_augmentation, seed);
        History? history = null;
        progress.Run(() => history = trainer.Fit(train, problem.Validation, _epochs, _batchSize, cancellation));
        terminal.Line(WhyItEnded(history!));
        return new NetworkLog(history!);
    }

    private static string WhyItEnded(History history)
    {
        var reason = history.StopReason switch
        {
            StopReason.EarlyStopping => $"stopped after epoch {history.Epochs.Count}: the validation loss no longer improved",
            StopReason.Cancelled => $"stopped as asked in epoch {history.Epochs.Count}",
            _ => $"all {history.Epochs.Count} epochs done",
        };
        var kept = history.RestoredEpoch is { } best ? $"; weights of the best epoch, {best}, kept" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{reason}{kept} ({history.TrainingSeconds:F1} s of training)");
    }

    private static bool IsSmall(Problem problem) => problem.Train.Count < SmallData;

    private Optimizer CreateOptimizer() => _optimizer switch
    {
        OptimizerKind.Sgd => new Sgd(_learningRate, momentum: 0.9),
        OptimizerKind.AdamW => new AdamW(_learningRate, weightDecay: _weightDecay),
        _ => new Adam(_learningRate),
    };

    /// <summary>Blocks of convolution and pooling while the image is large enough, then fully connected layers.</summary>
    private static Network Convolutions(Shape input, int[] hidden, int outputs)
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
