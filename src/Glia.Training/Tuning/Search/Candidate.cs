using Glia.Data;

namespace Glia.Training.Tuning;

/// <summary>A model and how it learns, as a trial wants it.</summary>
/// <param name="Trainer">Model, loss, optimiser, metrics and callbacks; made for this trial and fold alone.</param>
/// <param name="BatchSize">Samples per step; 32 by default.</param>
public sealed record Candidate(Trainer Trainer, int BatchSize = 32)
{
    /// <summary>The largest number of epochs, where that is less than the search's; null (the default) for no limit of its own.</summary>
    public int? Epochs { get; init; }

    /// <summary>What is done with the training samples first, such as augmentation; nothing by default.</summary>
    public Func<Dataset, Dataset>? Prepare { get; init; }
}
