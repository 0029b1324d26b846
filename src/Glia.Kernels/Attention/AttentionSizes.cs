namespace Glia.Kernels;

/// <summary>
/// The sizes of scaled dot-product attention over batch and heads: queries [batch, L, heads·features], keys [batch, S, heads·features], values
/// [batch, S, heads·values]. When packed, each step of one tensor holds its query, key and value one after another. Q·Kᵀ is multiplied by a scale above 0;
/// when causal, query i attends to keys j ≤ i only.
/// </summary>
internal readonly record struct AttentionSizes(int Batch, int Heads, int Queries, int Keys, int Features, int Values, double Scale, bool Causal, bool Packed)
{
    // Scores of a head that are worked on at once, so that they stay in the second-level cache, and the fewest queries that pay for packing the keys.
    private const int BlockScores = 1 << 16;
    private const int LeastQueries = 48;

    public int StepQ => Packed ? (2 * Features + Values) * Heads : Heads * Features;

    public int StepK => StepQ;

    public int StepV => Packed ? StepQ : Heads * Values;

    public int StepY => Heads * Values;

    public int OffsetK => Packed ? Heads * Features : 0;

    public int OffsetV => Packed ? 2 * Heads * Features : 0;

    public int BlockQueries => Math.Clamp(BlockScores / Math.Max(1, Keys), Math.Min(LeastQueries, Queries), Math.Max(1, Queries));

    public int Blocks => Queries == 0 ? 0 : (Queries + BlockQueries - 1) / BlockQueries;

    /// <summary>Multiplications of the two products.</summary>
    public long Volume => (long)Batch * Heads * Queries * Keys * (Features + Values);
}

/// <summary>Steps along batch, heads, queries and keys through a mask, 0 where it is repeated.</summary>
internal readonly record struct MaskSteps(int Batch, int Head, int Query, int Key);
