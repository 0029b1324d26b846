namespace Glia.Models;

/// <summary>A sequence that <see cref="BeamSearch"/> found.</summary>
/// <param name="Symbols">The symbols, without start and end.</param>
/// <param name="LogProbability">ln p of the sequence, with its end where it has one.</param>
/// <param name="Score">ln p / length^α, by which sequences are ranked; the length counts the end.</param>
/// <param name="IsFinished">Whether the end was reached, or the largest length before it.</param>
public sealed record BeamHypothesis(IReadOnlyList<long> Symbols, double LogProbability, double Score, bool IsFinished);
