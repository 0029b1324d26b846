using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// One layer of a Transformer encoder (Vaswani et al. 2017), (batch, time, model size) to the same shape: self-attention, then two dense layers on each step, each
/// with a residual connection and layer normalisation: norm(x + f(x)), or x + f(norm(x)) with <see cref="TransformerOptions.NormFirst"/>. Steps beyond
/// <see cref="ForwardContext.Lengths"/> are not attended to. Parameters are named as in PyTorch.
/// </summary>
public sealed class TransformerEncoderLayer : Layer
{
    private readonly TransformerOptions _options;
    private readonly FeedForward _feedForward;
    private readonly Dropout _dropout1;
    private readonly Dropout _dropout2;

    /// <summary>Creates the layer.</summary>
    /// <param name="modelSize">The features of each step.</param>
    /// <param name="heads">The attention's heads, which divide the model size.</param>
    /// <param name="feedForwardSize">The neurons between the two dense layers; 2048 by default.</param>
    /// <param name="options">Dropout, activation, where the normalisations stand, causality.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TransformerEncoderLayer(int modelSize, int heads, int feedForwardSize = 2048, TransformerOptions? options = null, DType dtype = DType.Float32)
    {
        _options = options ?? new();
        SelfAttention = Add("self_attn", new MultiHeadAttention(modelSize, heads, new() { Dropout = _options.Dropout, Causal = _options.Causal }, dtype));
        Linear1 = Add("linear1", new Dense(modelSize, feedForwardSize, dtype: dtype));
        Linear2 = Add("linear2", new Dense(feedForwardSize, modelSize, dtype: dtype));
        Norm1 = Add("norm1", new LayerNorm(modelSize, _options.Epsilon, dtype: dtype));
        Norm2 = Add("norm2", new LayerNorm(modelSize, _options.Epsilon, dtype: dtype));
        _feedForward = new FeedForward(Linear1, Linear2, _options.CreateActivation(), Add("dropout", new Dropout(_options.Dropout)));
        _dropout1 = Add("dropout1", new Dropout(_options.Dropout));
        _dropout2 = Add("dropout2", new Dropout(_options.Dropout));
    }

    /// <summary>The attention of the sequence to itself.</summary>
    public MultiHeadAttention SelfAttention { get; }

    /// <summary>The first dense layer.</summary>
    public Dense Linear1 { get; }

    /// <summary>The second dense layer.</summary>
    public Dense Linear2 { get; }

    /// <summary>The attention's normalisation.</summary>
    public LayerNorm Norm1 { get; }

    /// <summary>The dense layers' normalisation.</summary>
    public LayerNorm Norm2 { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input[-1] == SelfAttention.EmbeddingSize
        ? input
        : throw ShapeException.Of(Describe(), $"(time, {SelfAttention.EmbeddingSize})", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Forward(input, context, mask: null);

    /// <summary>The output with masks, as <see cref="MultiHeadAttention.Attend"/> takes them.</summary>
    /// <param name="input">(batch, time, model size).</param>
    /// <param name="context">Training or inference.</param>
    /// <param name="mask">(time, time), (batch, heads, time, time) or (batch·heads, time, time).</param>
    /// <param name="keyPaddingMask">(batch, time); by default the steps beyond the context's lengths.</param>
    public Tensor Forward(Tensor input, ForwardContext context, Tensor? mask, Tensor? keyPaddingMask = null) =>
        Rest(input, SelfAttention.SelfOutput(Before(input, context), context, _options.Causal, mask, keyPaddingMask), context);

    /// <summary>How much each step attends to each other one, (batch, heads, time, time).</summary>
    /// <param name="input">(batch, time, model size).</param>
    /// <param name="context">Inference, perhaps with lengths.</param>
    public Tensor AttentionWeights(Tensor input, ForwardContext context) => Run(input, context, null, null).Weights;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("heads", SelfAttention.Heads);
        writer.WriteNumber("feedForwardSize", Linear1.OutFeatures);
        _options.Write(writer);
    }

    internal (Tensor Output, Tensor Weights) Run(Tensor x, ForwardContext context, Tensor? mask, Tensor? keyPaddingMask)
    {
        var (attended, weights) = SelfAttention.SelfAttend(Before(x, context), context, _options.Causal, mask, keyPaddingMask);
        return (Rest(x, attended, context), weights);
    }

    private Tensor Before(Tensor x, ForwardContext context)
    {
        OutputShape(SampleOf(x));
        Tracing.Tracer.Enter(this);
        return _options.NormFirst ? Norm1.Forward(x, context) : x;
    }

    /// <summary>What follows the attention.</summary>
    private Tensor Rest(Tensor x, Tensor attended, ForwardContext context)
    {
        x += _dropout1.Forward(attended, context);
        if (!_options.NormFirst)
            x = Norm1.Forward(x, context);
        x += _dropout2.Forward(_feedForward.Apply(_options.NormFirst ? Norm2.Forward(x, context) : x, context), context);
        return Tracing.Tracer.Leave(this, _options.NormFirst ? x : Norm2.Forward(x, context));
    }
}
