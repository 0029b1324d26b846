using Glia.Layers;
using Glia.Losses;
using Glia.Models;
using Glia.Optimizers;

namespace Glia.Tests.Models;

public class EncoderDecoderTests
{
    private const int Symbols = 9;

    private static readonly EncoderDecoderOptions Small = new() { EmbeddingSize = 4, HiddenSize = 6 };

    private static readonly Tensor Source = Tensor.From([3L, 4, 5, 6, 7, 8, 3, 0], (2, 4)), Lengths = Tensor.From([4L, 3]);

    private static readonly Tensor DecoderInput = Tensor.From([1L, 5, 4, 1, 7, 7], (2, 3));

    private static ForwardContext Inference => ForwardContext.Inference.WithLengths(Lengths);

    public static TheoryData<RecurrentKind, bool, AttentionScore?> Variants => new()
    {
        { RecurrentKind.Lstm, true, AttentionScore.Dot },
        { RecurrentKind.Gru, true, AttentionScore.General },
        { RecurrentKind.Gru, false, AttentionScore.Additive },
        { RecurrentKind.Lstm, false, null },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gradients_EqualFiniteDifferences(RecurrentKind kind, bool isBidirectional, AttentionScore? attention)
    {
        var model = Create(kind, isBidirectional, attention, DType.Float64);
        GradientCheck.Holds(_ => model.Forward(Source, DecoderInput, Inference), [.. model.Parameters], "encoder-decoder");
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void PaddedPair_GivesWhatItGivesAlone(RecurrentKind kind, bool isBidirectional, AttentionScore? attention)
    {
        var model = Create(kind, isBidirectional, attention, DType.Float64);
        var padded = model.Forward(Source, DecoderInput, Inference);
        Assert.Equal((2, 3, Symbols), padded.Shape);
        var alone = model.Forward(Source.Slice(0, 1, 1).Slice(1, 0, 3), DecoderInput.Slice(0, 1, 1), ForwardContext.Inference);
        Numbers.Close(alone, padded.Slice(0, 1, 1), 1e-12, 1e-12);
        Assert.True((padded - model.Forward(Source, DecoderInput, ForwardContext.Inference)).Slice(0, 1, 1).Abs().Max().Item() > 1e-6);

        var written = model.Beam(Source, Lengths, new() { MaxLength = 6 })[1];
        var writtenAlone = model.Beam(Source.Slice(0, 1, 1).Slice(1, 0, 3), null, new() { MaxLength = 6 })[0];
        Assert.Equal(writtenAlone.Select(h => h.Symbols), written.Select(h => h.Symbols));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Greedy_GoesOnWithTheLikeliestSymbolOfForward(RecurrentKind kind, bool isBidirectional, AttentionScore? attention)
    {
        var model = Create(kind, isBidirectional, attention, DType.Float64);
        var (sources, lengths) = Sources(70);
        var greedy = model.Greedy(sources, lengths, maxLength: 7);
        Assert.Equal(70, greedy.Count);
        foreach (var i in new[] { 0, 1, 63, 64, 69 })
        {
            var (read, total) = (new List<long> { 1 }, 0.0);
            while (read.Count <= 7 && read[^1] != 2)
            {
                var logits = model.Forward(sources.Slice(0, i, 1), Tensor.From([.. read], (1, read.Count)), ForwardContext.Inference.WithLengths(lengths.Slice(0, i, 1)));
                var scores = logits.LogSoftmax().ToArray<double>()[^Symbols..];
                var best = Enumerable.Range(2, Symbols - 2).MaxBy(s => scores[s]);
                total += scores[best];
                read.Add(best);
            }
            Assert.Equal(read.Skip(1).Where(s => s != 2), greedy[i].Symbols);
            Assert.Equal(read[^1] == 2, greedy[i].IsFinished);
            Assert.Equal(total, greedy[i].LogProbability, 1e-9);
        }
    }

    [Fact]
    public void Beam_ReportsTheProbabilityThatForwardGives()
    {
        var model = Create(RecurrentKind.Lstm, true, AttentionScore.Dot, DType.Float64);
        var found = model.Beam(Source, Lengths, new() { Width = 5, MaxLength = 6, LengthNormalization = 0 });
        Assert.All(found, f => Assert.Equal(5, f.Select(h => string.Join(" ", h.Symbols) + h.IsFinished).Distinct().Count()));
        foreach (var best in found[1])
        {
            long[] read = [1, .. best.Symbols], written = best.IsFinished ? [.. best.Symbols, 2] : [.. best.Symbols];
            var scores = model.Forward(Source.Slice(0, 1, 1), Tensor.From(read, (1, read.Length)), ForwardContext.Inference.WithLengths(Lengths.Slice(0, 1, 1))).LogSoftmax();
            Assert.Equal(written.Select((s, t) => scores[0, t, (int)s]).Sum(), best.LogProbability, 1e-9);
        }
    }

    [Fact]
    public void AttentionWeights_SumToOneOverTheValidSymbols()
    {
        foreach (var score in Enum.GetValues<AttentionScore>())
        {
            var weights = Create(RecurrentKind.Gru, true, score, DType.Float64).AttentionWeights(Source, DecoderInput, Lengths);
            Assert.Equal((2, 3, 4), weights.Shape);
            Numbers.Close(Tensor.Ones((2, 3), DType.Float64), weights.Sum(-1), 1e-12, 1e-12);
            Assert.All(Enumerable.Range(0, 3), t => Assert.Equal(0, weights[1, t, 3]));
        }
    }

    [Fact]
    public void OneInput_IsSourceAndDecoderInput()
    {
        var model = new EncoderDecoder(Symbols, Symbols, Small, seed: 1);
        Numbers.SameBits(model.Forward(Source, DecoderInput, Inference), model.Forward(Tensor.Concat(1, Source, DecoderInput), Inference));
    }

    [Fact]
    public void Seed_DecidesTheWeights_AndStateDictCarriesThem()
    {
        var (one, same, other) = (new EncoderDecoder(Symbols, Symbols, Small, seed: 1), new EncoderDecoder(Symbols, Symbols, Small, seed: 1), new EncoderDecoder(Symbols, Symbols, Small, seed: 2));
        var expected = one.Forward(Source, DecoderInput, Inference);
        Numbers.SameBits(expected, same.Forward(Source, DecoderInput, Inference));
        Assert.NotEqual(expected.ToDoubles(), other.Forward(Source, DecoderInput, Inference).ToDoubles());
        other.LoadStateDict(one.StateDict());
        Numbers.SameBits(expected, other.Forward(Source, DecoderInput, Inference));
        Assert.Contains("encoder.forward.weight_ih", one.StateDict().Keys);
    }

    [Fact]
    public void Training_OnOneOrTwoThreads_GivesTheSameBits()
    {
        var states = new[] { 1, 2 }.Select(threads =>
        {
            using var _ = new ThreadsScope(threads);
            var model = new EncoderDecoder(Symbols, Symbols, new() { EmbeddingSize = 8, HiddenSize = 32, Dropout = 0.1, TeacherForcing = 0.5 }, seed: 3);
            Train(model, steps: 5, batch: 64);
            return model.StateDict();
        }).ToArray();
        foreach (var (name, value) in states[0])
            Numbers.SameBits(value, states[1][name], name);
    }

    [Fact]
    public void TeacherForcingOfZero_ReadsItsOwnSymbols()
    {
        var model = new EncoderDecoder(Symbols, Symbols, Small with { TeacherForcing = 0 }, seed: 1, DType.Float64);
        var training = ForwardContext.Training(new Rng(1)).WithLengths(Lengths);
        var own = model.Forward(Source, DecoderInput, Inference).ArgMax();
        var mixed = Tensor.From([1L, (long)own[0, 0], (long)own[0, 1], 1, (long)own[1, 0], (long)own[1, 1]], (2, 3));
        Numbers.SameBits(model.Forward(Source, mixed, Inference), model.Forward(Source, DecoderInput, training));
        Assert.NotEqual(DecoderInput.ToDoubles(), mixed.ToDoubles());
    }

    [Fact]
    public void Reversal_IsLearned()
    {
        var model = new EncoderDecoder(Symbols, Symbols, new() { EmbeddingSize = 16, HiddenSize = 32, Kind = RecurrentKind.Gru, Attention = AttentionScore.Additive }, seed: 1);
        Train(model, steps: 300, batch: 32);
        var (sources, lengths) = Sources(200, seed: 99);
        var written = model.Greedy(sources, lengths, maxLength: 8);
        var right = Enumerable.Range(0, 200).Count(i => written[i].Symbols.SequenceEqual(Reversed(sources, lengths, i)));
        Assert.InRange(right, 180, 200);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        var model = new EncoderDecoder(Symbols, Symbols, Small with { Attention = null }, seed: 1);
        Assert.Equal(
            "EncoderDecoder was made without attention. Give its options an Attention.",
            Assert.Throws<InvalidOperationException>(() => model.AttentionWeights(Source, DecoderInput)).Message);
        Assert.Equal(
            "EncoderDecoder expects rows of a source and, from one place on, the start symbol 1 and what the decoder reads, but row 0 has no start symbol behind a source. "
            + "Call Forward(source, decoderInput, context) with two tensors.",
            Assert.Throws<ArgumentException>(() => model.Forward(Source)).Message);
        Assert.Contains("row 1 has no start symbol at place 1", Assert.Throws<ArgumentException>(() => model.Forward(Tensor.From([3L, 1, 4, 4], (2, 2)))).Message, StringComparison.Ordinal);
        Assert.Equal(
            "EncoderDecoder expects a source of symbols (batch, time) that holds Int64, but got (2, 4) of Float32.",
            Assert.Throws<ShapeException>(() => model.Greedy(Tensor.Zeros((2, 4)))).Message);
        Assert.Equal(
            "EncoderDecoder expects a decoder input for each source but got sources (2, 4) and decoder inputs (1, 3).",
            Assert.Throws<ShapeException>(() => model.Forward(Source, DecoderInput.Slice(0, 0, 1), ForwardContext.Inference)).Message);
        Assert.Equal(
            "Each direction of a bidirectional encoder has half of the units, so that their number must be even, but it is 7.",
            Assert.Throws<ArgumentException>(() => new EncoderDecoder(5, 5, new() { HiddenSize = 7 })).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderDecoder(2, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderDecoder(5, 5, new() { TeacherForcing = 1.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderDecoder(5, 5, new() { Kind = (RecurrentKind)5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderDecoder(5, 5, new() { Attention = (AttentionScore)5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EncoderDecoder(5, 5, new() { Dropout = 1 }));
    }

    private static EncoderDecoder Create(RecurrentKind kind, bool isBidirectional, AttentionScore? attention, DType dtype) =>
        new(Symbols, Symbols, Small with { Kind = kind, IsBidirectional = isBidirectional, Attention = attention }, seed: 5, dtype);

    /// <summary>Sequences of 2 to 6 symbols from 3 to 8.</summary>
    private static (Tensor Sources, Tensor Lengths) Sources(int count, ulong seed = 1)
    {
        var (rng, symbols, lengths) = (new Rng(seed), new long[count * 6], new long[count]);
        for (var i = 0; i < count; i++)
        {
            lengths[i] = 2 + rng.NextInt(5);
            for (var t = 0; t < lengths[i]; t++)
                symbols[(i * 6) + t] = 3 + rng.NextInt(6);
        }
        return (Tensor.From(symbols, (count, 6)), Tensor.From(lengths));
    }

    private static long[] Reversed(Tensor sources, Tensor lengths, int i) =>
        [.. sources.Slice(0, i, 1).ToArray<long>().Take((int)lengths[i]).Reverse()];

    private static void Train(EncoderDecoder model, int steps, int batch)
    {
        var (loss, optimizer) = (new CrossEntropyLoss(classAxis: -1, ignoreIndex: EncoderDecoder.PaddingSymbol), new Adam(0.01).Attach(model.Parameters));
        for (var step = 0; step < steps; step++)
        {
            using var scope = new TensorScope();
            var (sources, lengths) = Sources(batch, (ulong)step + 1_000);
            var (read, target) = (new long[batch * 7], new long[batch * 7]);
            for (var i = 0; i < batch; i++)
            {
                var reversed = Reversed(sources, lengths, i);
                (read[i * 7], target[(i * 7) + reversed.Length]) = (1, 2);
                reversed.CopyTo(read, (i * 7) + 1);
                reversed.CopyTo(target, i * 7);
            }
            var context = ForwardContext.Training(new Rng(2).Split((ulong)step)).WithLengths(lengths);
            loss.Compute(model.Forward(sources, Tensor.From(read, (batch, 7)), context), Tensor.From(target, (batch, 7))).Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
        }
    }
}
