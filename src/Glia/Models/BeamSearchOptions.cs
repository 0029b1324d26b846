namespace Glia.Models;

/// <summary>How widely, and how far, <see cref="BeamSearch"/> looks.</summary>
public sealed record BeamSearchOptions
{
    /// <summary>How many beginnings are kept at each step; 1 always goes on with the likeliest symbol (greedy), 4 is the default.</summary>
    public int Width { get; init; } = 4;

    /// <summary>
    /// α in the score ln p / length^α by which finished sequences are ranked: 0 prefers short ones, since each symbol makes ln p smaller; 1, the default, compares
    /// the mean over the symbols.
    /// </summary>
    public double LengthNormalization { get; init; } = 1;

    /// <summary>The largest number of symbols, the end counted; 100 by default.</summary>
    public int MaxLength { get; init; } = 100;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxLength);
        if (!(LengthNormalization >= 0 && double.IsFinite(LengthNormalization)))
            throw new ArgumentOutOfRangeException(nameof(LengthNormalization), LengthNormalization, "The length normalisation must be 0 or more.");
    }
}
