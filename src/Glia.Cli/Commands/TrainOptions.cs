using Glia.Cli.Problems;

namespace Glia.Cli.Commands;

/// <summary>What the user asked of training; null where the program chooses.</summary>
internal sealed record TrainOptions
{
    public required string Data { get; init; }

    public string? Target { get; init; }

    /// <summary>The column of a table that is a time series.</summary>
    public string? Series { get; init; }

    public int? Horizon { get; init; }

    public int? Lookback { get; init; }

    public int? Season { get; init; }

    public int? Window { get; init; }

    public FamilyKind? Family { get; init; }

    /// <summary>The model whose network is trained further; null for a new one.</summary>
    public string? From { get; init; }

    public int? Epochs { get; init; }

    public int? Steps { get; init; }

    public int? BatchSize { get; init; }

    public double? LearningRate { get; init; }

    /// <summary>Whether the learning rate is searched before training.</summary>
    public bool TunesLearningRate { get; init; }

    public OptimizerKind? Optimizer { get; init; }

    public int[]? Hidden { get; init; }

    public AugmentKind Augment { get; init; }

    public ScheduleKind? Schedule { get; init; }

    /// <summary>Momentum of SGD, β₁ of Adam.</summary>
    public double? Momentum { get; init; }

    public double? WeightDecay { get; init; }

    public double? ClipNorm { get; init; }

    public double? Dropout { get; init; }

    public ActivationKind? Activation { get; init; }

    public int? Patience { get; init; }

    public ulong Seed { get; init; }

    public string? Out { get; init; }

    /// <summary>The run store, where the user names one.</summary>
    public string? Store { get; init; }

    /// <summary>Whether the run is to be recorded in no store.</summary>
    public bool IsNotStored { get; init; }

    /// <summary>Where to write event files for TensorBoard.</summary>
    public string? TensorBoard { get; init; }

    /// <summary>The folder of a run to go on with.</summary>
    public string? Resume { get; init; }

    /// <summary>How often training is saved.</summary>
    public CheckpointRule Checkpoints { get; init; } = CheckpointRule.Default;

    /// <summary>Whether the last checkpoint of a finished run stays.</summary>
    public bool KeepsCheckpoints { get; init; }

    /// <summary>The options as they were given, but for where the results go, so that the training can be repeated.</summary>
    public IReadOnlyList<(string Name, string Value)> Arguments { get; init; } = [];

    /// <summary>Tables in files larger than this are not held in memory as a table, but encoded into a file and read from there.</summary>
    public long StreamingBytes { get; init; } = ProblemLoader.StreamingBytes;
}

/// <summary>How far training images are changed at random.</summary>
internal enum AugmentKind
{
    None,
    Light,
    Flip,
    Strong,
}

internal enum OptimizerKind
{
    Adam,
    AdamW,
    Sgd,
}

/// <summary>How the learning rate changes from the first step to the last.</summary>
internal enum ScheduleKind
{
    Constant,
    Cosine,
    OneCycle,
}

internal enum ActivationKind
{
    ReLU,
    LeakyReLU,
    ELU,
    GELU,
    Swish,
    Tanh,
}
