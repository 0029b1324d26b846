using Glia.Layers;

namespace Glia;

public sealed partial class Network
{
    /// <summary>Self-attention of a sequence (time, features); see <see cref="Layers.MultiHeadAttention"/>.</summary>
    /// <param name="heads">The number of heads, which divides the features.</param>
    /// <param name="options">Bias, dropout, causality.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network MultiHeadAttention(int heads, MultiHeadAttentionOptions? options = null, string? name = null) =>
        Add(new MultiHeadAttention(Features(nameof(MultiHeadAttention), name), heads, options), name);

    /// <summary>Transformer layers over a sequence (time, features); see <see cref="Layers.TransformerEncoder"/>.</summary>
    /// <param name="heads">The heads of each layer, which divide the features.</param>
    /// <param name="feedForward">The neurons between the two dense layers of each layer.</param>
    /// <param name="layers">The number of layers; 1 by default.</param>
    /// <param name="options">Dropout, activation, where the normalisations stand, causality.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layers do not fit what comes before them.</exception>
    public Network TransformerEncoder(int heads, int feedForward, int layers = 1, TransformerOptions? options = null, string? name = null) =>
        Add(new TransformerEncoder(Features(nameof(TransformerEncoder), name), heads, feedForward, layers, options), name);

    /// <summary>Adds a fixed pattern to a sequence (time, features) that tells positions apart; see <see cref="Layers.PositionalEncoding"/>.</summary>
    public Network PositionalEncoding(string? name = null) => Add(new PositionalEncoding(), name);

    /// <summary>Adds a learned vector for each position of a sequence (time, features); see <see cref="Layers.PositionalEmbedding"/>.</summary>
    public Network PositionalEmbedding(string? name = null)
    {
        var features = Features(nameof(PositionalEmbedding), name);
        return Add(new PositionalEmbedding(_shape[0], features), name);
    }

    /// <summary>
    /// Layers for each step of a sequence (time, …) by itself, with the same weights: <c>.TimeDistributed(b => b.Conv2D(8, 3).ReLU())</c>; see
    /// <see cref="Layers.TimeDistributed"/>.
    /// </summary>
    /// <param name="layers">Adds the layers that each step goes through.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">There is no time axis, or the layers do not fit a step.</exception>
    public Network TimeDistributed(Func<Network, Network> layers, string? name = null)
    {
        if (_shape.Rank == 0)
            throw ShapeException.Of(Describe(nameof(TimeDistributed), name), "(time, …)", $"{_shape}");
        return Add(new TimeDistributed(Branch(layers, $"{_prefix}{NameFor(nameof(TimeDistributed), name)}.layer.", _shape.From(1))), name);
    }

    /// <summary>A convolutional LSTM over sequences of rows (time, channels, length); see <see cref="Layers.ConvLstm1D"/>.</summary>
    /// <param name="hiddenChannels">The channels of state and output.</param>
    /// <param name="kernelSize">The length of both kernels.</param>
    /// <param name="returnSequences">Whether every step's output is given rather than the last one's; false by default.</param>
    /// <param name="peepholes">Whether the gates see the cell; false by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network ConvLstm1D(int hiddenChannels, int kernelSize, bool returnSequences = false, bool peepholes = false, string? name = null)
    {
        if (_shape.Rank != 3)
            throw ShapeException.Of(Describe(nameof(ConvLstm1D), name), "(time, channels, length)", $"{_shape}");
        return Add(new ConvLstm1D(_shape[1], hiddenChannels, kernelSize, returnSequences, peepholes: peepholes ? _shape[2] : null), name);
    }

    /// <summary>A convolutional LSTM over sequences of images (time, channels, rows, columns); see <see cref="Layers.ConvLstm2D"/>.</summary>
    /// <param name="hiddenChannels">The channels of state and output.</param>
    /// <param name="kernelSize">The rows and columns of both kernels.</param>
    /// <param name="returnSequences">Whether every step's output is given rather than the last one's; false by default.</param>
    /// <param name="peepholes">Whether the gates see the cell; false by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network ConvLstm2D(int hiddenChannels, Size2D kernelSize, bool returnSequences = false, bool peepholes = false, string? name = null)
    {
        if (_shape.Rank != 4)
            throw ShapeException.Of(Describe(nameof(ConvLstm2D), name), "(time, channels, rows, columns)", $"{_shape}");
        return Add(new ConvLstm2D(_shape[1], hiddenChannels, kernelSize, returnSequences, peepholes: peepholes ? (_shape[2], _shape[3]) : null), name);
    }

    /// <summary>The features of each step of a sequence.</summary>
    private int Features(string kind, string? name) => _shape.Rank == 2
        ? _shape[1]
        : throw ShapeException.Of(Describe(kind, name), "(time, features)", $"{_shape}");
}
