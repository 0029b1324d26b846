using Glia.Layers;

namespace Glia;

public partial class Tensor
{
    /// <summary>
    /// Scaled dot-product attention (Vaswani et al. 2017): softmax(scale·Q·Kᵀ + mask)·V. Each query gets a mean of the values, weighted by how well its
    /// key fits; leading axes such as batch and heads broadcast.
    /// </summary>
    /// <param name="query">Q, (…, L, E).</param>
    /// <param name="key">K, (…, S, E).</param>
    /// <param name="value">V, (…, S, V).</param>
    /// <param name="mask">
    /// Broadcasts to (…, L, S). Bool: true where a query may <em>not</em> attend to a key, as in PyTorch's <c>MultiheadAttention</c>. Floating point: added
    /// to the scaled scores; −∞ forbids. None by default. A query that may attend to nothing gets zeros.
    /// </param>
    /// <param name="causal">Whether query i may attend to keys j ≤ i only; false by default.</param>
    /// <param name="scale">The factor of Q·Kᵀ; 1/√E by default.</param>
    /// <returns>(…, L, V).</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public static Tensor ScaledDotProductAttention(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool causal = false, double? scale = null)
    {
        if (Require(value).Rank < 2 || Require(key).Rank < 2 || value.Shape[-2] != key.Shape[-2])
            throw ShapeException.Of(nameof(ScaledDotProductAttention), "a value (…, S, V) for each key (…, S, E)", $"keys {key.Shape} and values {value.Shape}");
        return AttentionWeights(query, key, mask, causal, scale).MatMul(value);
    }

    /// <summary>
    /// The weights of <see cref="ScaledDotProductAttention"/>, softmax(scale·Q·Kᵀ + mask): row i says how much query i attends to each key. Rows sum to 1, or are 0
    /// where a query may attend to nothing.
    /// </summary>
    /// <inheritdoc cref="ScaledDotProductAttention"/>
    /// <returns>(…, L, S).</returns>
    public static Tensor AttentionWeights(Tensor query, Tensor key, Tensor? mask = null, bool causal = false, double? scale = null)
    {
        var combined = default(AttentionMask);
        if (mask is not null)
            combined = combined.And(mask);
        if (causal)
            combined = combined.And(AttentionMask.Causal(RequireMatrices(query).Shape[-2], RequireMatrices(key).Shape[-2], query.Device));
        return AttentionWeights(query, key, combined, scale);
    }

    internal static Tensor AttentionWeights(Tensor query, Tensor key, AttentionMask mask, double? scale)
    {
        if (RequireMatrices(query).Shape[-1] != RequireMatrices(key).Shape[-1])
            throw ShapeException.Of(nameof(AttentionWeights), "queries (…, L, E) and keys (…, S, E)", $"{query.Shape} and {key.Shape}", "Query and key need the same number of features.");
        var scores = (query * (scale ?? 1 / Math.Sqrt(query.Shape[-1]))).MatMul(key, transposeB: true);
        return mask.Softmax(scores);
    }

    private static Tensor RequireMatrices(Tensor x) => Require(x).Rank >= 2
        ? x
        : throw ShapeException.Of(nameof(AttentionWeights), "queries (…, L, E) and keys (…, S, E)", $"{x.Shape}");
}
