namespace Glia.Runs;

/// <summary>The part of a run's row that changes while it goes on.</summary>
internal sealed record RunProgress
{
    public RunState State { get; init; }

    public long Steps { get; init; }

    public int Epochs { get; init; }

    public string? StopReason { get; init; }

    public string? Failure { get; init; }

    public string? Verdict { get; init; }

    public int? BestEpoch { get; init; }

    public DateTimeOffset? Ended { get; init; }
}
