namespace Glia.Cli.Commands;

/// <summary>What the user asked of training; null where the program chooses.</summary>
internal sealed record TrainOptions
{
    public required string Data { get; init; }

    public string? Target { get; init; }

    public int? Epochs { get; init; }

    public int? BatchSize { get; init; }

    public double? LearningRate { get; init; }

    public OptimizerKind? Optimizer { get; init; }

    public int[]? Hidden { get; init; }

    public ulong Seed { get; init; }

    public string? Out { get; init; }
}

internal enum OptimizerKind
{
    Adam,
    AdamW,
    Sgd,
}
