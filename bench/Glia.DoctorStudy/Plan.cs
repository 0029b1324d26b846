using Glia.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>A training, sick or healthy, as settings: which data, which network, how it learns, and what was spoiled.</summary>
internal sealed record Plan(string Data, string Family, ulong Seed)
{
    /// <summary>How many samples are used, the validation part included; 0 for all.</summary>
    public int Samples { get; init; }

    public string Optimizer { get; init; } = "adam";

    public double LearningRate { get; init; } = 3e-3;

    public int Epochs { get; init; } = 40;

    public int BatchSize { get; init; } = 32;

    public double? ClipNorm { get; init; }

    /// <summary>Whether training stops when validation no longer improves, and keeps the best weights.</summary>
    public bool StopsEarly { get; init; } = true;

    public Bend Activation { get; init; } = Bend.ReLU;

    public Start Weights { get; init; } = Start.Default;

    public int[] Hidden { get; init; } = [32];

    public bool IsFirstLayerFrozen { get; init; }

    /// <summary>Whether inputs are standardised.</summary>
    public bool IsScaled { get; init; } = true;

    /// <summary>Whether targets of a regression are standardised.</summary>
    public bool HasScaledTargets { get; init; } = true;

    public Head Head { get; init; } = Head.Right;

    public DataFault DataFault { get; init; }

    public bool WeighsClasses { get; init; }

    /// <summary>The same training with a remedy applied; null where only the owner of the data could.</summary>
    public Plan? With(Remedy remedy) => remedy.Setting switch
    {
        Setting.LearningRate => this with { LearningRate = remedy.Value!.Value },
        Setting.Epochs => this with { Epochs = (int)remedy.Value!.Value },
        Setting.ClipNorm => this with { ClipNorm = remedy.Value!.Value },
        Setting.Regularization => this with { StopsEarly = true },
        Setting.Capacity => this with { Hidden = [64, 64] },
        Setting.Scale => this with { IsScaled = true, HasScaledTargets = true },
        Setting.Activation => this with { Activation = Bend.ReLU, Weights = Start.Default, Family = Family == "rnn" ? "lstm" : Family },
        Setting.Initializer => this with { Weights = Start.Default },
        Setting.Head => this with { Head = Head.Right },
        Setting.Trainable => this with { IsFirstLayerFrozen = false },
        Setting.ClassWeights => this with { WeighsClasses = true },
        _ => null,
    };

    /// <summary>The same training with the same setting changed at random, as by one who tries without looking.</summary>
    public Plan AtRandom(Setting setting, Rng rng) => setting switch
    {
        Setting.LearningRate => this with { LearningRate = Math.Pow(10, -5 + (6 * rng.NextDouble())) },
        Setting.Epochs => this with { Epochs = Math.Max(1, (int)(Epochs * Math.Pow(4, (2 * rng.NextDouble()) - 1))) },
        Setting.ClipNorm => this with { ClipNorm = Math.Pow(10, -3 + (6 * rng.NextDouble())) },
        Setting.Regularization => this with { StopsEarly = rng.NextInt(2) == 0 },
        Setting.Capacity => this with { Hidden = [.. Enumerable.Range(0, rng.NextInt(3)).Select(_ => 1 << rng.NextInt(7))] },
        Setting.Scale => this with { IsScaled = rng.NextInt(2) == 0, HasScaledTargets = rng.NextInt(2) == 0 },
        Setting.Activation => this with { Activation = (Bend)rng.NextInt(4) },
        Setting.Initializer => this with { Weights = (Start)rng.NextInt(4) },
        Setting.Head => this with { Head = (Head)rng.NextInt(4) },
        Setting.Trainable => this with { IsFirstLayerFrozen = rng.NextInt(2) == 0 },
        Setting.ClassWeights => this with { WeighsClasses = rng.NextInt(2) == 0 },
        _ => this,
    };
}

internal enum Bend
{
    ReLU,
    Tanh,
    Sigmoid,
    None,
}

internal enum Start
{
    Default,
    Zero,
    Wide,
    Tiny,
}

internal enum Head
{
    Right,

    /// <summary>Softmax before cross-entropy.</summary>
    Softmax,

    /// <summary>Mean squared error on class scores.</summary>
    SquaredError,

    /// <summary>ReLU behind the last layer.</summary>
    Rectified,
}

internal enum DataFault
{
    None,
    ShuffledLabels,
    Leak,
    ConstantTarget,
    NaN,
    Imbalance,
    Overlap,
    Duplicates,
    Conflicts,
    ConstantFeature,

    /// <summary>A quarter of the labels to learn from is drawn at random.</summary>
    NoisyLabels,
}
