namespace Glia.Training.Tuning;

/// <summary>A trial of a search and what came of it.</summary>
public sealed record TrialRecord
{
    /// <summary>Its number, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The values of the parameters as text, in their order.</summary>
    public required IReadOnlyList<string> Values { get; init; }

    /// <summary>Where each value lies on its parameter's line from 0 to 1.</summary>
    public required IReadOnlyList<double> Positions { get; init; }

    /// <summary>What came of it, rung by rung; at least one.</summary>
    public required IReadOnlyList<RungRecord> Rungs { get; init; }

    /// <summary>What came of it in the end.</summary>
    public RungRecord Last => Rungs[^1];

    /// <summary>How good it was in the end; NaN where it failed.</summary>
    public double Score => Last.Score;

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure => Last.Failure;
}
