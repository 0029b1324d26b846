using Glia.Layers;

namespace Glia.Models;

/// <summary>The recurrent layers of an <see cref="EncoderDecoder"/>.</summary>
public enum RecurrentKind
{
    /// <summary>Long short-term memory, <see cref="Layers.Lstm"/>.</summary>
    Lstm,

    /// <summary>Gated recurrent units, <see cref="Layers.Gru"/>.</summary>
    Gru,
}

/// <summary>How well a decoder's state h fits an encoder's output e, both of M features.</summary>
public enum AttentionScore
{
    /// <summary>h·e (Luong et al. 2015).</summary>
    Dot,

    /// <summary>h·W e with a learned W (Luong et al. 2015).</summary>
    General,

    /// <summary>v·tanh(W h + U e) with learned v, W and U (Bahdanau et al. 2015).</summary>
    Additive,
}

/// <summary>The settings of an <see cref="EncoderDecoder"/>.</summary>
public sealed record EncoderDecoderOptions
{
    /// <summary>The features of each symbol; 32 by default.</summary>
    public int EmbeddingSize { get; init; } = 32;

    /// <summary>M, the units of the decoder and the outputs of the encoder; 64 by default.</summary>
    public int HiddenSize { get; init; } = 64;

    /// <summary>The kind of both recurrent layers; LSTM by default.</summary>
    public RecurrentKind Kind { get; init; } = RecurrentKind.Lstm;

    /// <summary>Whether the encoder reads in both directions, with half of the units each; true by default.</summary>
    public bool IsBidirectional { get; init; } = true;

    /// <summary>How attention is scored; null for none, so that all that the decoder knows of the source is the encoder's last state. Dot by default.</summary>
    public AttentionScore? Attention { get; init; } = AttentionScore.Dot;

    /// <summary>The probability of dropout in training, behind the embeddings and before the output; 0 by default.</summary>
    public double Dropout { get; init; }

    /// <summary>
    /// The probability with which the decoder reads the true symbol before each step in training; 1, teacher forcing, by default. Else it reads the one that
    /// it would have written there itself after the true ones (scheduled sampling, Bengio et al. 2015, in two passes rather than step by step as in
    /// Mihaylova and Martins 2019), which takes another pass.
    /// </summary>
    public double TeacherForcing { get; init; } = 1;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EmbeddingSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(HiddenSize);
        Layers.Dropout.RequireProbability(Dropout, nameof(Dropout));
        if (!Enum.IsDefined(Kind))
            throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "The kind of the recurrent layers must be Lstm or Gru.");
        if (Attention is { } score && !Enum.IsDefined(score))
            throw new ArgumentOutOfRangeException(nameof(Attention), Attention, "The attention must be Dot, General, Additive or null.");
        if (IsBidirectional && HiddenSize % 2 != 0)
            throw new ArgumentException($"Each direction of a bidirectional encoder has half of the units, so that their number must be even, but it is {HiddenSize}.");
        if (!(TeacherForcing >= 0 && TeacherForcing <= 1))
            throw new ArgumentOutOfRangeException(nameof(TeacherForcing), TeacherForcing, "The probability of teacher forcing must be from 0 to 1.");
    }

    internal RecurrentLayer CreateLayer(int inputs, int units, DType dtype) => Kind == RecurrentKind.Lstm
        ? new Lstm(inputs, units, new() { ReturnSequences = true }, dtype)
        : new Gru(inputs, units, new() { ReturnSequences = true }, dtype);
}
