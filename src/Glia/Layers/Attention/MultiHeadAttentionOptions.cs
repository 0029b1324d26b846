namespace Glia.Layers;

/// <summary>The settings of a <see cref="MultiHeadAttention"/> beyond its size and heads.</summary>
public sealed record MultiHeadAttentionOptions
{
    /// <summary>The features of keys, for attention to another sequence; those of queries when null, the default.</summary>
    public int? KeySize { get; init; }

    /// <summary>The features of values, for attention to another sequence; those of queries when null, the default.</summary>
    public int? ValueSize { get; init; }

    /// <summary>Whether the four projections add a bias; true by default.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>The probability with which training drops an attention weight; 0 by default.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether, as a layer of a network, each step sees itself and earlier steps only; false by default.</summary>
    public bool Causal { get; init; }
}
