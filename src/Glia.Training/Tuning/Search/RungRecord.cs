namespace Glia.Training.Tuning;

/// <summary>What came of a trial up to a rung; without rungs, of all of it.</summary>
public sealed record RungRecord
{
    /// <summary>The rung, from 0.</summary>
    public required int Rung { get; init; }

    /// <summary>What the trial could spend up to here in total.</summary>
    public required int Resource { get; init; }

    /// <summary>How good it was; NaN where it failed.</summary>
    public double Score { get; init; } = double.NaN;

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Training steps up to here in total; 0 where they were not counted.</summary>
    public long Steps { get; init; }

    /// <summary>Seconds up to here in total.</summary>
    public double Seconds { get; init; }

    /// <summary>What else was measured, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();
}
