namespace Glia.Layers;

/// <summary>The activation inside a Transformer layer's feed-forward part.</summary>
public enum TransformerActivation
{
    /// <summary>max(0, x), as in the original (Vaswani et al. 2017).</summary>
    ReLU,

    /// <summary>x·Φ(x), as in BERT and GPT.</summary>
    GELU,
}
