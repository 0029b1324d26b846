using System.Text;
using Glia.Layers;
using Glia.Models;

namespace Glia.Data;

/// <summary>
/// Lets a language model write: character by character, each drawn from what the model expects after those before it. A recurrent network keeps its state
/// from one character to the next; any other one, such as a Transformer, reads the last characters again, as many as it was made for.
/// </summary>
public sealed class TextGenerator
{
    private readonly SequentialNetwork _network;
    private readonly Vocabulary _vocabulary;
    private readonly bool _keepsState;

    /// <summary>Creates a generator.</summary>
    /// <param name="network">
    /// From characters (batch, time), Int64, to logits (batch, time, vocabulary); made with <see cref="Network.Sequence"/>, since it reads texts of any length.
    /// </param>
    /// <param name="vocabulary">The characters that the network was trained with.</param>
    /// <exception cref="ArgumentException">The network does not take sequences of characters, or has not one output for each of the vocabulary.</exception>
    public TextGenerator(SequentialNetwork network, Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(vocabulary);
        if (!network.HasFreeTime || network.InputShape.Rank != 1)
            throw new ArgumentException($"A text generator expects a network for sequences of characters, made with Network.Sequence(steps), but got one for samples of shape {network.InputShape}.");
        if (network.ResultShape.Rank != 2 || network.ResultShape[1] != vocabulary.Count)
            throw new ArgumentException($"A text generator expects {vocabulary.Count} outputs for each step, one for each character of the vocabulary, but the network gives {network.ResultShape}.");
        (_network, _vocabulary) = (network, vocabulary);
        _keepsState = network.Layers.All(l => l is RecurrentLayer or OneHot or Embedding or Dense or Activation or Dropout or LayerNorm or Softmax);
    }

    /// <summary>Whether the network's state is kept from one character to the next, so that it remembers all that was written.</summary>
    public bool KeepsState => _keepsState;

    /// <summary>Writes on from a prompt, and gives each character as soon as it is drawn.</summary>
    /// <param name="prompt">How the text begins; when empty, the model begins as after a new line.</param>
    /// <param name="length">How many characters to write.</param>
    /// <param name="sampler">How characters are drawn; from the model's probabilities as they are when null.</param>
    /// <param name="seed">The same seed gives the same text.</param>
    /// <exception cref="DataFormatException">The prompt has a character that is not in the vocabulary.</exception>
    public IEnumerable<Rune> Generate(string prompt, int length, Sampler? sampler = null, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var known = _vocabulary.Encode(prompt, nameof(prompt)).ToList();
        if (known.Count == 0)
            known.Add(Beginning());
        return Write(known, length, sampler ?? new Sampler(), seed);
    }

    /// <summary>The same as one string, the prompt included.</summary>
    /// <inheritdoc cref="Generate"/>
    public string Write(string prompt, int length, Sampler? sampler = null, ulong seed = 0) =>
        prompt + string.Concat(Generate(prompt, length, sampler, seed).Select(c => c.ToString()));

    private IEnumerable<Rune> Write(IReadOnlyList<ushort> prompt, int length, Sampler sampler, ulong seed)
    {
        var (known, rng) = (prompt.ToList(), new Rng(seed).Split("text"));
        var states = new RecurrentState?[_network.Layers.Count];
        var unread = known;
        for (var i = 0; i < length; i++)
        {
            var next = (ushort)sampler.Sample(_keepsState ? Step(unread, states) : Reread(known), rng);
            known.Add(next);
            unread = [next];
            yield return _vocabulary.Characters[next];
        }
    }

    /// <summary>What follows characters that come after those which the states are of.</summary>
    private float[] Step(List<ushort> characters, RecurrentState?[] states)
    {
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        var x = Batch(characters);
        for (var i = 0; i < states.Length; i++)
        {
            if (_network.Layers[i] is not RecurrentLayer recurrent)
            {
                x = _network.Layers[i].Forward(x);
                continue;
            }
            var output = recurrent.Run(x, states[i]);
            (x, states[i]) = (output.Sequence, output.State.Copy());
        }
        return Last(x);
    }

    private float[] Reread(List<ushort> known)
    {
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        return Last(_network.Forward(Batch(known[^Math.Min(known.Count, _network.InputShape[0])..])));
    }

    private static float[] Last(Tensor logits) => logits.ToArray<float>()[^logits.Shape[-1]..];

    private static Tensor Batch(List<ushort> characters) => Tensor.From([.. characters.Select(c => (long)c)], (1, characters.Count));

    private ushort Beginning()
    {
        var newLine = _vocabulary.Characters.TakeWhile(c => c.Value != '\n').Count();
        return (ushort)(newLine < _vocabulary.Count ? newLine : 0);
    }
}
