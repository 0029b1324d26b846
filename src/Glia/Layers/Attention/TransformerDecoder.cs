namespace Glia.Layers;

/// <summary>
/// A stack of <see cref="TransformerDecoderLayer"/>s over one memory. Parameters are named as in PyTorch, <c>layers.0.self_attn.in_proj_weight</c> and so on.
/// </summary>
public sealed class TransformerDecoder : Module
{
    private readonly TransformerDecoderLayer[] _layers;

    /// <summary>Creates the stack.</summary>
    /// <param name="modelSize">The features of each step, of target and memory.</param>
    /// <param name="heads">The heads of each layer, which divide the model size.</param>
    /// <param name="feedForwardSize">The neurons between the two dense layers of each layer.</param>
    /// <param name="layers">The number of layers; 1 by default.</param>
    /// <param name="options">Dropout, activation, where the normalisations stand.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public TransformerDecoder(int modelSize, int heads, int feedForwardSize, int layers = 1, TransformerOptions? options = null, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        _layers = Add("layers", new ModuleList<TransformerDecoderLayer>(layers, () => new(modelSize, heads, feedForwardSize, options, dtype))).Items;
    }

    /// <summary>The layers in order.</summary>
    public IReadOnlyList<TransformerDecoderLayer> Layers => _layers;

    /// <summary>Not for a decoder, which takes two inputs.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override Tensor Forward(Tensor input, ForwardContext context) => throw new NotSupportedException(
        $"{Describe()} takes a target and a memory: call Forward(target, memory, context). For a decoder without a memory take TransformerEncoder with Causal.");

    /// <inheritdoc cref="TransformerDecoderLayer.Forward(Tensor, Tensor, ForwardContext, TransformerDecoderMasks?)"/>
    public Tensor Forward(Tensor target, Tensor memory, ForwardContext context, TransformerDecoderMasks? masks = null) =>
        _layers.Aggregate(target, (x, layer) => layer.Forward(x, memory, context, masks));
}
