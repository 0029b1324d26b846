namespace Glia.Training.Diagnostics;

/// <summary>How a model is trained.</summary>
public sealed record RunSettings
{
    /// <summary>The optimiser's name; empty before training.</summary>
    public string Optimizer { get; init; } = "";

    /// <summary>The learning rate at the start; NaN before training.</summary>
    public double LearningRate { get; init; } = double.NaN;

    /// <summary>Samples per step.</summary>
    public int BatchSize { get; init; }

    /// <summary>The largest number of epochs.</summary>
    public int Epochs { get; init; }

    /// <summary>Steps in an epoch.</summary>
    public int StepsPerEpoch { get; init; }

    /// <summary>The largest norm of the gradients; null for no limit.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The loss's name.</summary>
    public string Loss { get; init; } = "";
}
