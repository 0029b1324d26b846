using Glia.Layers;

namespace Glia.Models;

/// <summary>Attention of a decoder's states to an encoder's outputs by one of the <see cref="AttentionScore"/>s.</summary>
internal sealed class MemoryAttention : Module
{
    private readonly AttentionScore _score;
    private readonly Dense? _query;
    private readonly Dense? _key;
    private readonly Dense? _energy;

    public MemoryAttention(AttentionScore score, int size, DType dtype)
    {
        _score = score;
        if (score == AttentionScore.Dot)
            return;
        _key = Add("key", new Dense(size, size, useBias: false, dtype));
        if (score == AttentionScore.General)
            return;
        _query = Add("query", new Dense(size, size, useBias: false, dtype));
        _energy = Add("energy", new Dense(size, 1, useBias: false, dtype));
    }

    public override Tensor Forward(Tensor input, ForwardContext context) => throw new NotSupportedException($"{Describe()} takes queries and keys.");

    /// <summary>What scores take of the encoder's outputs (batch, S, M), computed once for all steps of the decoder.</summary>
    public Tensor Keys(Tensor memory) => _key is null ? memory : _key.Forward(memory);

    /// <summary>How much each state (batch, T, M) attends to each key (batch, S, M): (batch, T, S). Padding (batch, 1, S) is true where it may not.</summary>
    public Tensor Weights(Tensor states, Tensor keys, Tensor? padding)
    {
        var mask = padding is null ? default : default(AttentionMask).And(padding);
        if (_score != AttentionScore.Additive)
            return Tensor.AttentionWeights(states, keys, mask, scale: 1);
        var (batch, steps, size) = (states.Shape[0], states.Shape[1], states.Shape[2]);
        var sums = _query!.Forward(states).Reshape(batch, steps, 1, size) + keys.Reshape(batch, 1, keys.Shape[1], size);
        return mask.Softmax(_energy!.Forward(sums.Tanh()).Reshape(batch, steps, keys.Shape[1]));
    }
}
