namespace Glia.Training;

/// <summary>A learning rate that was tried, and what came of it.</summary>
public sealed class LearningRateTrial
{
    internal LearningRateTrial(double rate, IReadOnlyList<double> losses) => (Rate, Losses) = (rate, losses);

    /// <summary>The rate.</summary>
    public double Rate { get; }

    /// <summary>The loss of every step, before it changed the weights; fewer than asked for where the trial ended early.</summary>
    public IReadOnlyList<double> Losses { get; }

    /// <summary>The mean loss of the last quarter of the trial; NaN or infinite where it diverged so.</summary>
    public double EndLoss { get; internal init; }

    /// <summary>The loss on the validation samples at the end; null without such samples, or where the trial diverged.</summary>
    public double? ValidationLoss { get; internal set; }

    /// <summary>What the trial says about the rate.</summary>
    public LearningRateVerdict Verdict { get; internal set; }

    /// <summary>The same in a sentence with numbers, and which rate is tried next.</summary>
    public string Sentence { get; internal set; } = "";
}
