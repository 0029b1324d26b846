namespace Glia.Layers;

/// <summary>
/// One layer of a Transformer decoder (Vaswani et al. 2017): causal self-attention, attention to a memory (the encoder's output), then two dense layers on each
/// step, each with a residual connection and layer normalisation. Parameters are named as in PyTorch. It takes two inputs, so it is part of a module of
/// your own rather than of a <see cref="Glia.Network"/>; a decoder without a memory is a <see cref="TransformerEncoder"/> with
/// <see cref="TransformerOptions.Causal"/>.
/// </summary>
public sealed class TransformerDecoderLayer : Module
{
    private readonly TransformerOptions _options;
    private readonly FeedForward _feedForward;
    private readonly Dropout[] _dropouts;

    /// <summary>Creates the layer.</summary>
    /// <param name="modelSize">The features of each step, of target and memory.</param>
    /// <param name="heads">The heads of both attentions, which divide the model size.</param>
    /// <param name="feedForwardSize">The neurons between the two dense layers; 2048 by default.</param>
    /// <param name="options">Dropout, activation, where the normalisations stand.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TransformerDecoderLayer(int modelSize, int heads, int feedForwardSize = 2048, TransformerOptions? options = null, DType dtype = DType.Float32)
    {
        _options = options ?? new();
        SelfAttention = Add("self_attn", new MultiHeadAttention(modelSize, heads, new() { Dropout = _options.Dropout }, dtype));
        CrossAttention = Add("multihead_attn", new MultiHeadAttention(modelSize, heads, new() { Dropout = _options.Dropout }, dtype));
        Linear1 = Add("linear1", new Dense(modelSize, feedForwardSize, dtype: dtype));
        Linear2 = Add("linear2", new Dense(feedForwardSize, modelSize, dtype: dtype));
        Norm1 = Add("norm1", new LayerNorm(modelSize, _options.Epsilon, dtype: dtype));
        Norm2 = Add("norm2", new LayerNorm(modelSize, _options.Epsilon, dtype: dtype));
        Norm3 = Add("norm3", new LayerNorm(modelSize, _options.Epsilon, dtype: dtype));
        _feedForward = new FeedForward(Linear1, Linear2, _options.CreateActivation(), Add("dropout", new Dropout(_options.Dropout)));
        _dropouts = [Add("dropout1", new Dropout(_options.Dropout)), Add("dropout2", new Dropout(_options.Dropout)), Add("dropout3", new Dropout(_options.Dropout))];
    }

    /// <summary>The attention of the target to itself.</summary>
    public MultiHeadAttention SelfAttention { get; }

    /// <summary>The attention of the target to the memory.</summary>
    public MultiHeadAttention CrossAttention { get; }

    /// <summary>The first dense layer.</summary>
    public Dense Linear1 { get; }

    /// <summary>The second dense layer.</summary>
    public Dense Linear2 { get; }

    /// <summary>The self-attention's normalisation.</summary>
    public LayerNorm Norm1 { get; }

    /// <summary>The normalisation of the attention to the memory.</summary>
    public LayerNorm Norm2 { get; }

    /// <summary>The dense layers' normalisation.</summary>
    public LayerNorm Norm3 { get; }

    /// <summary>Not for a decoder, which takes two inputs.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Forward(Tensor input, ForwardContext context) => throw new NotSupportedException(
        $"{Describe()} takes a target and a memory: call Forward(target, memory, context). For a decoder without a memory take TransformerEncoder with Causal.");

    /// <summary>The output for a target and a memory.</summary>
    /// <param name="target">(batch, L, model size).</param>
    /// <param name="memory">(batch, S, model size), the encoder's output.</param>
    /// <param name="context">Training or inference. Its lengths are those of the target.</param>
    /// <param name="masks">Which steps may attend to which; by default causal, with the whole memory in sight.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor target, Tensor memory, ForwardContext context, TransformerDecoderMasks? masks = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(context);
        masks ??= new();
        if (target.Rank != 3 || target.Shape[2] != SelfAttention.EmbeddingSize)
            throw ShapeException.Of(Describe(), $"a target (batch, time, {SelfAttention.EmbeddingSize})", $"{target.Shape}");
        var x = Residual(target, Norm1, 0, y => SelfAttention.SelfOutput(y, context, masks.Causal, masks.Target, masks.TargetPadding), context);
        x = Residual(x, Norm2, 1, y => CrossAttention.Output(y, memory, memory, context, masks.Memory, masks.MemoryPadding), context);
        return Residual(x, Norm3, 2, y => _feedForward.Apply(y, context), context);
    }

    private Tensor Residual(Tensor x, LayerNorm norm, int dropout, Func<Tensor, Tensor> sublayer, ForwardContext context)
    {
        if (_options.NormFirst)
            return x + _dropouts[dropout].Forward(sublayer(norm.Forward(x, context)), context);
        return norm.Forward(x + _dropouts[dropout].Forward(sublayer(x), context), context);
    }
}
