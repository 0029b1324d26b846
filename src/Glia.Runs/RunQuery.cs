namespace Glia.Runs;

/// <summary>Which runs to list, and in which order.</summary>
public sealed record RunQuery
{
    /// <summary>Only runs in this state.</summary>
    public RunState? State { get; init; }

    /// <summary>Only runs on data of this name or fingerprint, case ignored.</summary>
    public string? Data { get; init; }

    /// <summary>Only runs for which all of these hold.</summary>
    public IReadOnlyList<RunCondition> Conditions { get; init; } = [];

    /// <summary>By which value to sort, from small to large; by time, the newest first, where it is null. Runs without the value come last.</summary>
    public string? Sort { get; init; }

    /// <summary>Whether to turn the order round.</summary>
    public bool IsReversed { get; init; }

    /// <summary>The most runs to list; null for all.</summary>
    public int? Limit { get; init; }
}
