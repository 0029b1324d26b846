namespace Glia.Diagnostics;

/// <summary>Something found wrong: what is seen, by which numbers, why it matters, and what to do.</summary>
/// <param name="Symptom">What is wrong.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Summary">What is seen, in a short line.</param>
/// <param name="Evidence">The numbers it was concluded from, with layer and step where there are any.</param>
/// <param name="Reason">Why it happens or matters, in a sentence.</param>
/// <param name="Remedy">What to do.</param>
public sealed record Finding(Symptom Symptom, Severity Severity, string Summary, string Evidence, string Reason, Remedy Remedy)
{
    /// <summary>The layer or parameter concerned; null where it is none in particular.</summary>
    public string? Layer { get; init; }

    /// <summary>The step at which it was seen first, counted from 1; null where it is none in particular.</summary>
    public long? Step { get; init; }

    /// <summary>The finding on four lines: summary, evidence, reason, remedy.</summary>
    public override string ToString() => $"{Severity}: {Summary}\n  seen:   {Evidence}\n  reason: {Reason}\n  do:     {Remedy.Advice}\n          {Remedy.Code}";
}
