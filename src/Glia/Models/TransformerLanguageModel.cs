using Glia.Layers;

namespace Glia.Models;

/// <summary>
/// A small decoder-only Transformer in the manner of GPT-2 (Radford et al. 2019): from tokens (batch, context), Int64, to logits for each next token
/// (batch, context, vocabulary). Logits at a position depend on the tokens up to it only. Train it with
/// <c>new CrossEntropyLoss(classAxis: -1)</c> on the same tokens shifted by one. It also takes sequences shorter than the context.
/// </summary>
public static class TransformerLanguageModel
{
    /// <summary>Makes the network: embedding, learned positions, causal layers with normalisation first and GELU, a last normalisation, and a dense layer.</summary>
    /// <param name="vocabulary">The number of different tokens.</param>
    /// <param name="context">The largest number of tokens of a sample.</param>
    /// <param name="modelSize">The features of each position; 64 by default.</param>
    /// <param name="heads">The heads of each layer, which divide the model size; 4 by default.</param>
    /// <param name="layers">The number of layers; 2 by default.</param>
    /// <param name="dropout">The probability of dropout; 0.1 by default.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static SequentialNetwork Create(
        int vocabulary, int context, int modelSize = 64, int heads = 4, int layers = 2, double dropout = 0.1, ulong seed = 0)
    {
        var options = new TransformerOptions { Causal = true, NormFirst = true, Activation = TransformerActivation.GELU, Dropout = dropout };
        return Network.Sequence(context)
            .Embedding(vocabulary, modelSize).PositionalEmbedding().Dropout(dropout)
            .TransformerEncoder(heads, 4 * modelSize, layers, options)
            .LayerNorm(axes: 1).Dense(vocabulary)
            .Build(seed);
    }
}
