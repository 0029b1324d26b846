namespace Glia.Training.Diagnostics;

/// <summary>The samples in numbers, of up to some thousands of them drawn at random.</summary>
public sealed record DataProfile
{
    /// <summary>Samples to learn from.</summary>
    public int Samples { get; init; }

    /// <summary>Samples to validate on.</summary>
    public int ValidationSamples { get; init; }

    /// <summary>The axes of a sample's input: 1 for rows of a table, 3 for images.</summary>
    public int InputRank { get; init; }

    /// <summary>The numbers in a sample's input.</summary>
    public int Features { get; init; }

    /// <summary>The numbers in a sample's target.</summary>
    public int TargetsPerSample { get; init; }

    /// <summary>Where the first NaN or infinity is, in words; null when there is none.</summary>
    public string? NonFinite { get; init; }

    /// <summary>The standard deviation of each feature of a table; of all inputs together otherwise.</summary>
    public IReadOnlyList<double> FeatureStds { get; init; } = [];

    /// <summary>The mean of each feature of a table; of all inputs together otherwise.</summary>
    public IReadOnlyList<double> FeatureMeans { get; init; } = [];

    /// <summary>How often each class occurs, by its index; empty where the targets are no classes.</summary>
    public IReadOnlyList<long> ClassCounts { get; init; } = [];

    /// <summary>The smallest target.</summary>
    public double TargetMin { get; init; }

    /// <summary>The largest target.</summary>
    public double TargetMax { get; init; }

    /// <summary>The mean of the targets.</summary>
    public double TargetMean { get; init; }

    /// <summary>The standard deviation of the targets.</summary>
    public double TargetStd { get; init; }

    /// <summary>Whether the targets are class indices.</summary>
    public bool AreClasses { get; init; }

    /// <summary>Whether the targets are rows of zeros and a single one, that is classes in another dress.</summary>
    public bool AreOneHot { get; init; }

    /// <summary>The share of samples whose input occurred before.</summary>
    public double DuplicateShare { get; init; }

    /// <summary>The share of samples whose input occurs with another class too.</summary>
    public double ConflictShare { get; init; }

    /// <summary>The share of validation samples whose input is among those to learn from.</summary>
    public double OverlapShare { get; init; }

    /// <summary>The feature of a table that tells the target best by itself; -1 when that was not looked at.</summary>
    public int BestFeature { get; init; } = -1;

    /// <summary>How well it does: 0 for no better than guessing, 1 for perfect.</summary>
    public double BestFeatureScore { get; init; }

    /// <summary>How well the next best one does.</summary>
    public double SecondFeatureScore { get; init; }

    /// <summary>
    /// How much better the nearest neighbours of a sample tell its target than guessing, in standard deviations of what chance gives; NaN when that was not looked at.
    /// </summary>
    public double NeighbourSignal { get; init; } = double.NaN;

    /// <summary>The loss of the best constant prediction; NaN where the loss is not a usual one.</summary>
    public double BaselineLoss { get; init; } = double.NaN;
}
