using System.Text.Json;

namespace Glia.Layers;

/// <summary>The settings of Transformer layers beyond their sizes; the defaults are PyTorch's.</summary>
public sealed record TransformerOptions
{
    /// <summary>The probability with which training drops attention weights and outputs of sublayers; 0.1 by default.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>The activation between the two feed-forward layers; ReLU by default.</summary>
    public TransformerActivation Activation { get; init; }

    /// <summary>
    /// Whether normalisation stands in front of each sublayer, x + f(norm(x)), which trains more easily in deep stacks (Xiong et al. 2020), rather than behind it,
    /// norm(x + f(x)); false by default.
    /// </summary>
    public bool NormFirst { get; init; }

    /// <summary>ε of the layer normalisations; 1e-5 by default.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether, in an encoder, each step sees itself and earlier steps only, as in a language model; false by default.</summary>
    public bool Causal { get; init; }

    internal static TransformerOptions Read(LayerConfig config) => new()
    {
        Dropout = config.Number("dropout"),
        Activation = config.Choice("activation", ("relu", TransformerActivation.ReLU), ("gelu", TransformerActivation.GELU)),
        NormFirst = config.Bool("normFirst"),
        Epsilon = config.Number("epsilon"),
        Causal = config.Bool("causal"),
    };

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteNumber("dropout", Dropout);
        writer.WriteString("activation", Activation == TransformerActivation.ReLU ? "relu" : "gelu");
        writer.WriteBoolean("normFirst", NormFirst);
        writer.WriteNumber("epsilon", Epsilon);
        writer.WriteBoolean("causal", Causal);
    }

    internal Activation CreateActivation() => Activation switch
    {
        TransformerActivation.ReLU => new ReLU(),
        TransformerActivation.GELU => new GELU(),
        _ => throw new ArgumentOutOfRangeException(nameof(Activation), Activation, "The activation of a Transformer must be ReLU or GELU."),
    };
}
