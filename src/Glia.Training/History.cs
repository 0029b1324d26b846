namespace Glia.Training;

/// <summary>What training measured, epoch by epoch, and why it ended.</summary>
public sealed class History
{
    private readonly List<EpochRecord> _epochs = [];

    /// <summary>The epochs in order.</summary>
    public IReadOnlyList<EpochRecord> Epochs => _epochs;

    /// <summary>Why training ended.</summary>
    public StopReason StopReason { get; internal set; }

    /// <summary>The epoch (counted from 1) whose parameters the model now has, when a callback restored the best; else null.</summary>
    public int? RestoredEpoch { get; internal set; }

    /// <summary>The loss of the first step, before anything was learned; NaN before it.</summary>
    public double FirstLoss { get; internal set; } = double.NaN;

    /// <summary>Seconds spent on training steps, without validation.</summary>
    public double TrainingSeconds => _epochs.Sum(e => e.TrainingSeconds);

    /// <summary>How training came out, and what to do next.</summary>
    public ConvergenceVerdict Verdict => ConvergenceVerdict.Of(this);

    internal void Add(EpochRecord record) => _epochs.Add(record);
}
