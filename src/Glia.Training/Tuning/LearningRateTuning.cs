namespace Glia.Training;

/// <summary>The learning rate that a <see cref="LearningRateTuner"/> chose, and why.</summary>
public sealed class LearningRateTuning
{
    internal LearningRateTuning(double rate, bool isConclusive, double initialLoss, IReadOnlyList<LearningRateTrial> trials, string conclusion) =>
        (Rate, IsConclusive, InitialLoss, Trials, Conclusion) = (rate, isConclusive, initialLoss, trials, conclusion);

    /// <summary>The rate to train with.</summary>
    public double Rate { get; }

    /// <summary>Whether the loss fell at this rate. False where it fell at none, or could not fall: then the rate is that from which the search started.</summary>
    public bool IsConclusive { get; }

    /// <summary>The mean loss of the batches of a trial without learning, at rate 0.</summary>
    public double InitialLoss { get; }

    /// <summary>The rates that were tried, in order.</summary>
    public IReadOnlyList<LearningRateTrial> Trials { get; }

    /// <summary>What was chosen and why, in a sentence.</summary>
    public string Conclusion { get; }

    /// <summary>The reasoning: a sentence for each trial, then the conclusion.</summary>
    public IReadOnlyList<string> Sentences => [.. Trials.Select(t => t.Sentence), Conclusion];
}
