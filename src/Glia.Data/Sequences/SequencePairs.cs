using Glia.Models;

namespace Glia.Data;

/// <summary>
/// Pairs of texts for a model that reads one and writes the other (see <see cref="EncoderDecoder"/>), character by character, as padded numbers. 0 is
/// padding, 1 the start and 2 the end of a text; characters follow from 3 on, in the order of the vocabulary. A sample's input is the source, padded to
/// S steps, and behind it what the decoder reads, the start and the target, padded to T; its target is the target and the end. So a trainer trains on it
/// as it is, with <c>new CrossEntropyLoss(classAxis: -1, ignoreIndex: SequencePairs.Padding)</c>.
/// </summary>
public sealed partial class SequencePairs : Dataset
{
    /// <summary>The number of padding: 0.</summary>
    public const int Padding = EncoderDecoder.PaddingSymbol;

    /// <summary>The number that stands for the start of a text: 1.</summary>
    public const int Start = EncoderDecoder.StartSymbol;

    /// <summary>The number that stands for the end of a text: 2.</summary>
    public const int End = EncoderDecoder.EndSymbol;

    private const int FirstCharacter = 3;

    private readonly TensorDataset _samples;

    /// <summary>Makes pairs of your own.</summary>
    /// <param name="sources">What is read, one text per pair; none may be empty.</param>
    /// <param name="targets">What is written, as many.</param>
    /// <param name="sourceVocabulary">The characters of the sources; by default those that occur.</param>
    /// <param name="targetVocabulary">The characters of the targets; by default those that occur.</param>
    /// <exception cref="ArgumentException">There are no pairs, not as many sources as targets, or a source is empty, or all targets are.</exception>
    /// <exception cref="DataFormatException">A character is not in its vocabulary.</exception>
    public SequencePairs(
        IReadOnlyList<string> sources, IReadOnlyList<string> targets, Vocabulary? sourceVocabulary = null, Vocabulary? targetVocabulary = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(targets);
        if (sources.Count == 0 || sources.Count != targets.Count)
            throw new ArgumentException($"SequencePairs expects at least one source and one target per source but got {sources.Count} sources and {targets.Count} targets.");
        (Sources, Targets) = ([.. sources], [.. targets]);
        SourceVocabulary = sourceVocabulary ?? Vocabulary.Fit(string.Concat(sources));
        TargetVocabulary = targetVocabulary ?? Vocabulary.Fit(string.Concat(targets));
        (SourceSymbols, Lengths) = EncodeSources(sources);
        var codes = Codes(targets, TargetVocabulary, "target");
        DecoderInputs = Padded(codes, first: Start, last: null);
        DecoderTargets = Padded(codes, first: null, last: End);
        TargetLengths = Tensor.From([.. codes.Select(c => c.Length + 1L)]);
        _samples = new TensorDataset(Tensor.Concat(1, SourceSymbols, DecoderInputs), DecoderTargets, lengths: Lengths);
    }

    private SequencePairs(SequencePairs all, int start, int count)
    {
        Tensor Rows(Tensor x) => x.Slice(0, start, count);
        (Sources, Targets) = ([.. all.Sources.Skip(start).Take(count)], [.. all.Targets.Skip(start).Take(count)]);
        (SourceVocabulary, TargetVocabulary) = (all.SourceVocabulary, all.TargetVocabulary);
        (SourceSymbols, Lengths) = (Rows(all.SourceSymbols), Rows(all.Lengths));
        (DecoderInputs, DecoderTargets, TargetLengths) = (Rows(all.DecoderInputs), Rows(all.DecoderTargets), Rows(all.TargetLengths));
        _samples = new TensorDataset(Rows(all._samples.Inputs), DecoderTargets, lengths: Lengths);
    }

    /// <summary>The texts that are read.</summary>
    public IReadOnlyList<string> Sources { get; }

    /// <summary>The texts that are written.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>The characters of the sources.</summary>
    public Vocabulary SourceVocabulary { get; }

    /// <summary>The characters of the targets.</summary>
    public Vocabulary TargetVocabulary { get; }

    /// <summary>How many numbers a source is made of: the characters, and three for padding, start and end.</summary>
    public int SourceSymbolCount => SourceVocabulary.Count + FirstCharacter;

    /// <summary>How many numbers a target is made of: the characters, and three for padding, start and end.</summary>
    public int TargetSymbolCount => TargetVocabulary.Count + FirstCharacter;

    /// <summary>The sources, (count, S), Int64, padded at the end.</summary>
    public Tensor SourceSymbols { get; }

    /// <summary>What the decoder reads in training: the start, and the target's characters, (count, T), Int64.</summary>
    public Tensor DecoderInputs { get; }

    /// <summary>What the decoder is to write: the target's characters, and the end, (count, T), Int64.</summary>
    public Tensor DecoderTargets { get; }

    /// <summary>The sources' lengths, (count,), Int64.</summary>
    public override Tensor Lengths { get; }

    /// <summary>The targets' lengths with their end, (count,), Int64.</summary>
    public Tensor TargetLengths { get; }

    /// <inheritdoc/>
    public override int Count => Sources.Count;

    /// <summary>(S + T,).</summary>
    public override Shape InputShape => _samples.InputShape;

    /// <summary>(T,).</summary>
    public override Shape TargetShape => _samples.TargetShape;

    /// <summary>Int64: numbers of characters.</summary>
    public override DType InputDType => DType.Int64;

    /// <summary>Int64: numbers of characters.</summary>
    public override DType TargetDType => DType.Int64;

    /// <summary>Some pairs that follow each other, with the same vocabularies and sizes.</summary>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many there are.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not all there, or there are none.</exception>
    public SequencePairs Part(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new SequencePairs(this, start, count);
    }

    /// <summary>Texts to be read as numbers, padded to the longest, and their lengths.</summary>
    /// <param name="texts">The texts; none may be empty.</param>
    /// <returns>(count, S) and (count,), Int64.</returns>
    /// <exception cref="ArgumentException">There are no texts, or one is empty.</exception>
    /// <exception cref="DataFormatException">A character is not in the vocabulary of the sources.</exception>
    public (Tensor Symbols, Tensor Lengths) EncodeSources(params IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
            throw new ArgumentException("EncodeSources expects at least one text.");
        var codes = Codes(texts, SourceVocabulary, "source");
        var empty = Array.FindIndex(codes, c => c.Length == 0);
        if (empty >= 0)
            throw new ArgumentException($"Source {empty} is empty. Each must have at least one character.");
        return (Padded(codes, first: null, last: null), Tensor.From([.. codes.Select(c => (long)c.Length)]));
    }

    /// <summary>The text of numbers that a decoder wrote, up to the end or to the first number that is no character.</summary>
    /// <param name="symbols">The numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is above those of the characters.</exception>
    public string DecodeTarget(params ReadOnlySpan<long> symbols)
    {
        var codes = new List<ushort>(symbols.Length);
        foreach (var symbol in symbols)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(symbol, TargetSymbolCount, nameof(symbols));
            if (symbol < FirstCharacter)
                break;
            codes.Add((ushort)(symbol - FirstCharacter));
        }
        return TargetVocabulary.Decode([.. codes]);
    }

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target) => _samples.Fill(samples, input, target);

    private static ushort[][] Codes(IReadOnlyList<string> texts, Vocabulary vocabulary, string what) =>
        [.. texts.Select((text, i) => vocabulary.Encode(text, $"{what} {i}"))];

    private static Tensor Padded(ushort[][] codes, int? first, int? last)
    {
        var before = first is null ? 0 : 1;
        var steps = codes.Max(c => c.Length) + before + (last is null ? 0 : 1);
        var symbols = new long[codes.Length * steps];
        for (var i = 0; i < codes.Length; i++)
        {
            var row = symbols.AsSpan(i * steps, steps);
            if (first is { } start)
                row[0] = start;
            for (var t = 0; t < codes[i].Length; t++)
                row[before + t] = codes[i][t] + FirstCharacter;
            if (last is { } end)
                row[before + codes[i].Length] = end;
        }
        return Tensor.From(symbols, (codes.Length, steps));
    }
}
