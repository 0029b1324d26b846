using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// A stack of <see cref="TransformerEncoderLayer"/>s, (batch, time, model size) to the same shape. Parameters are named as in PyTorch,
/// <c>layers.0.self_attn.in_proj_weight</c> and so on. With normalisation first, a last <see cref="LayerNorm"/> belongs behind the stack.
/// </summary>
public sealed class TransformerEncoder : Layer
{
    private readonly TransformerEncoderLayer[] _layers;
    private readonly TransformerOptions _options;

    /// <summary>Creates the stack.</summary>
    /// <param name="modelSize">The features of each step.</param>
    /// <param name="heads">The heads of each layer, which divide the model size.</param>
    /// <param name="feedForwardSize">The neurons between the two dense layers of each layer.</param>
    /// <param name="layers">The number of layers; 1 by default.</param>
    /// <param name="options">Dropout, activation, where the normalisations stand, causality.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TransformerEncoder(int modelSize, int heads, int feedForwardSize, int layers = 1, TransformerOptions? options = null, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        _options = options ?? new();
        _layers = Add("layers", new ModuleList<TransformerEncoderLayer>(layers, () => new(modelSize, heads, feedForwardSize, _options, dtype))).Items;
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<TransformerEncoderLayer> Layers => _layers;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        var size = _layers[0].SelfAttention.EmbeddingSize;
        return input.Rank == 2 && input[-1] == size ? input : throw ShapeException.Of(Describe(), $"(time, {size})", $"input {input}");
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Forward(input, context, mask: null);

    /// <summary>The output with masks, as <see cref="MultiHeadAttention.Attend"/> takes them.</summary>
    /// <param name="input">(batch, time, model size).</param>
    /// <param name="context">Training or inference.</param>
    /// <param name="mask">(time, time), (batch, heads, time, time) or (batch·heads, time, time).</param>
    /// <param name="keyPaddingMask">(batch, time); by default the steps beyond the context's lengths.</param>
    public Tensor Forward(Tensor input, ForwardContext context, Tensor? mask, Tensor? keyPaddingMask = null)
    {
        OutputShape(SampleOf(input));
        return _layers.Aggregate(input, (x, layer) => layer.Forward(x, context, mask, keyPaddingMask));
    }

    /// <summary>How much, in each layer, each step attends to each other one, (batch, heads, time, time).</summary>
    /// <param name="input">(batch, time, model size).</param>
    /// <param name="context">Inference, perhaps with lengths.</param>
    public IReadOnlyList<Tensor> AttentionWeights(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        var weights = new Tensor[_layers.Length];
        for (var i = 0; i < weights.Length; i++)
            (input, weights[i]) = _layers[i].Run(input, context, null, null);
        return weights;
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("layers", _layers.Length);
        _layers[0].WriteConfig(writer);
    }
}
