using Glia.Layers;
using Glia.Models;

namespace Glia.Data.Tests.Sequences;

public class TextGeneratorTests
{
    private static readonly Vocabulary Letters = Vocabulary.Fit("abc\n");

    public static TheoryData<string> Kinds => ["lstm", "gru", "rnn", "stack", "embedding"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RecurrentNetwork_WritesWhatTheWholeTextReadAgainWouldGive(string kind)
    {
        var network = Make(kind);
        var generator = new TextGenerator(network, Letters);
        Assert.True(generator.KeepsState);
        var text = generator.Write("ab", 20, new Sampler(0.5), seed: 3);

        // By hand: the whole text for every character, without a state.
        var (codes, rng) = (Letters.Encode("ab").ToList(), new Rng(3).Split("text"));
        for (var i = 0; i < 20; i++)
        {
            var logits = network.Predict(Tensor.From([.. codes.Select(c => (long)c)], (1, codes.Count))).ToArray<float>()[^Letters.Count..];
            codes.Add((ushort)new Sampler(0.5).Sample(logits, rng));
        }
        Assert.Equal(Letters.Decode([.. codes]), text);
        Assert.Equal(text, generator.Write("ab", 20, new Sampler(0.5), seed: 3));
        Assert.NotEqual(text, generator.Write("ab", 20, new Sampler(0.5), seed: 4));
    }

    [Fact]
    public void Transformer_ReadsTheLastCharactersAgain()
    {
        var network = TransformerLanguageModel.Create(Letters.Count, context: 6, modelSize: 8, heads: 2, layers: 1, seed: 2);
        var generator = new TextGenerator(network, Letters);
        Assert.False(generator.KeepsState);
        Assert.Equal(33, generator.Write("abc", 30).Length);
        Assert.Equal(generator.Write("abcabcabc", 30)[9..], generator.Write("bbbbcabcabc", 30)[11..]);
    }

    [Fact]
    public void EmptyPrompt_BeginsAsAfterANewLine()
    {
        var generator = new TextGenerator(Make("lstm"), Letters);
        Assert.Equal(generator.Write("\n", 10)[1..], generator.Write("", 10));
        Assert.Equal("", generator.Write("", 0));
        Assert.Equal("ab", generator.Write("ab", 0));
    }

    [Fact]
    public void Characters_ComeOneByOneAndTwiceTheSame()
    {
        var characters = new TextGenerator(Make("lstm"), Letters).Generate("a", 5, seed: 1);
        Assert.Equal(characters, characters);
        Assert.Equal(2, characters.Take(2).Count());
    }

    [Fact]
    public void UnknownCharacter_IsRefusedAtOnce()
    {
        var generator = new TextGenerator(Make("lstm"), Letters);
        Assert.Equal("prompt: the character 'x' (U+0078) is not among the 4 that the model was trained on.", Assert.Throws<DataFormatException>(() => { generator.Generate("x", 5); }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => { generator.Generate("a", -1); });
    }

    [Fact]
    public void UnsuitableNetwork_IsRefused()
    {
        var fixedTime = Network.Input(4).OneHot(4).Lstm(3, returnSequences: true).Dense(4).Build();
        Assert.StartsWith("A text generator expects a network for sequences of characters, made with Network.Sequence(steps), but got one for samples of shape (4,).", Assert.Throws<ArgumentException>(() => new TextGenerator(fixedTime, Letters)).Message, StringComparison.Ordinal);
        var fewer = Network.Sequence(4).OneHot(4).Lstm(3, returnSequences: true).Dense(3).Build();
        Assert.StartsWith("A text generator expects 4 outputs for each step, one for each character of the vocabulary, but the network gives (4, 3).", Assert.Throws<ArgumentException>(() => new TextGenerator(fewer, Letters)).Message, StringComparison.Ordinal);
    }

    private static SequentialNetwork Make(string kind)
    {
        var network = kind == "embedding" ? Network.Sequence(8).Embedding(4, 5) : Network.Sequence(8).OneHot(4);
        network = kind switch
        {
            "gru" => network.Gru(6, returnSequences: true),
            "rnn" => network.SimpleRnn(6, returnSequences: true),
            "stack" => network.Lstm(6, returnSequences: true).Dropout(0.2).LayerNorm(axes: 1).Lstm(5, returnSequences: true).Dense(6).ReLU(),
            _ => network.Lstm(6, returnSequences: true),
        };
        return network.Dense(4).Build(seed: 5);
    }
}
