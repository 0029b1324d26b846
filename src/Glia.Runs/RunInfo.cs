namespace Glia.Runs;

/// <summary>A recorded run, without its series of numbers: those are read by <see cref="RunStore.Steps"/> and <see cref="RunStore.Epochs"/>.</summary>
public sealed record RunInfo
{
    /// <summary>Eight hexadecimal digits, unique in its store.</summary>
    public required string Id { get; init; }

    /// <summary>What was said of it before its first step.</summary>
    public required RunDescription Description { get; init; }

    /// <summary>How far it has come; a run whose process is gone is interrupted.</summary>
    public required RunState State { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended, or was last heard of; null while it is running.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Why training ended, such as <c>EarlyStopping</c>; null while it has not.</summary>
    public string? StopReason { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    public string? Failure { get; init; }

    /// <summary>How training came out, in words; null where it is not known.</summary>
    public string? Verdict { get; init; }

    /// <summary>Epochs completed.</summary>
    public int Epochs { get; init; }

    /// <summary>Steps completed.</summary>
    public long Steps { get; init; }

    /// <summary>The epoch whose parameters were kept; null for the last.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>
    /// Loss and metrics of the epoch that was kept, or else of the last: <c>loss</c>, <c>val_loss</c> and so on; what was measured after training; <c>seconds</c> spent on training steps.
    /// </summary>
    public required IReadOnlyDictionary<string, RunValue> Results { get; init; }

    /// <summary>Where it ran: machine, system, processor, instruction set, threads, versions.</summary>
    public required IReadOnlyDictionary<string, RunValue> Environment { get; init; }

    /// <summary>Its key in the tables.</summary>
    internal long Row { get; init; }
}
