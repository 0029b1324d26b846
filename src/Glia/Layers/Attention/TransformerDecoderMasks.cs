namespace Glia.Layers;

/// <summary>
/// Which steps a decoder may attend to. Masks are Bool, true where attention is forbidden, or floating point, added to the scores.
/// </summary>
public sealed record TransformerDecoderMasks
{
    /// <summary>Whether each target step sees itself and earlier target steps only; true by default.</summary>
    public bool Causal { get; init; } = true;

    /// <summary>Target steps that target steps may not attend to, (L, L), (batch, heads, L, L) or (batch·heads, L, L); none by default.</summary>
    public Tensor? Target { get; init; }

    /// <summary>Target steps that are padding, (batch, L); by default those beyond the context's lengths.</summary>
    public Tensor? TargetPadding { get; init; }

    /// <summary>Memory steps that target steps may not attend to, (L, S), (batch, heads, L, S) or (batch·heads, L, S); none by default.</summary>
    public Tensor? Memory { get; init; }

    /// <summary>Memory steps that are padding, (batch, S), see <see cref="MultiHeadAttention.PaddingMask"/>; none by default.</summary>
    public Tensor? MemoryPadding { get; init; }
}
