using Glia.Cli.Commands;

namespace Glia.Cli.Problems;

/// <summary>How a network learns where the user says nothing, by the kind and the size of the data.</summary>
internal sealed record TrainingDefaults
{
    /// <summary>With fewer samples than this an epoch is so short that many are needed, and validation so rough that patience is.</summary>
    private const int SmallData = 5000;

    public OptimizerKind Optimizer { get; init; } = OptimizerKind.AdamW;

    public double LearningRate { get; init; } = 2e-3;

    public required int BatchSize { get; init; }

    public required int Epochs { get; init; }

    /// <summary>Epochs without improvement after which training ends.</summary>
    public required int Patience { get; init; }

    /// <summary>The largest norm of all gradients together; null for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Steps after which a text is validated, whatever its length; null where an epoch is a pass over the data.</summary>
    public int? StepsPerRound { get; init; }

    public static TrainingDefaults For(Problem problem)
    {
        var samples = problem.Train.Count;
        var batchSize = samples < 500 ? 16 : samples < 20_000 ? 32 : 128;
        return (problem.Kind, IsSmall(problem)) switch
        {
            (ProblemKind.Images, true) => new() { BatchSize = batchSize, Epochs = 40, Patience = 10 },
            (ProblemKind.Images, false) => new() { BatchSize = batchSize, Epochs = 12, Patience = 3 },
            (ProblemKind.Text, _) => new() { Optimizer = OptimizerKind.Adam, LearningRate = 3e-3, BatchSize = 32, Epochs = 15, Patience = 4, ClipNorm = 5, StepsPerRound = 200 },
            (ProblemKind.Series, _) => new() { Optimizer = OptimizerKind.Adam, BatchSize = 32, Epochs = 60, Patience = 10, ClipNorm = 1 },
            (ProblemKind.Sequences, _) => new() { Optimizer = OptimizerKind.Adam, LearningRate = 3e-3, BatchSize = 32, Epochs = 30, Patience = 8, ClipNorm = 1 },
            (ProblemKind.Videos, _) => new() { Optimizer = OptimizerKind.Adam, BatchSize = 32, Epochs = 20, Patience = 5, ClipNorm = 5 },
            (_, true) => new() { BatchSize = batchSize, Epochs = 400, Patience = 40 },
            _ => new() { BatchSize = batchSize, Epochs = 100, Patience = 10 },
        };
    }

    public static bool IsSmall(Problem problem) => problem.Train.Count < SmallData;
}
