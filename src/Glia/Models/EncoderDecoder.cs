using Glia.Layers;

namespace Glia.Models;

/// <summary>
/// Sequence to sequence (Sutskever et al. 2014) with attention (Bahdanau et al. 2015; Luong et al. 2015): an encoder reads the source symbols, a decoder that starts from
/// the encoder's last state writes the target symbol by symbol. With h[t] the decoder's state and e[s] the encoder's outputs, a = softmax over s of
/// score(h[t], e[s]), c = Σ a[s]·e[s], and the logits are W·tanh(W_c·[h[t], c] + b_c) + b. Since attention comes after the recurrence, training needs no loop
/// over the steps. Symbols are Int64 numbers; 0 is padding, 1 the start and 2 the end of a target.
/// <para>
/// Train it with <c>new CrossEntropyLoss(classAxis: -1, ignoreIndex: EncoderDecoder.PaddingSymbol)</c>. <see cref="ForwardContext.Lengths"/> are those of the
/// sources; what lies beyond is neither read nor attended to.
/// </para>
/// </summary>
public sealed class EncoderDecoder : Module
{
    /// <summary>The symbol that fills up sources and targets: 0.</summary>
    public const int PaddingSymbol = 0;

    /// <summary>The symbol that the decoder reads first: 1.</summary>
    public const int StartSymbol = 1;

    /// <summary>The symbol that the decoder writes last: 2.</summary>
    public const int EndSymbol = 2;

    // Decoding holds all steps of so many sources in memory at a time.
    private const int SourcesAtOnce = 64;

    private readonly Embedding _sourceEmbedding;
    private readonly Embedding _targetEmbedding;
    private readonly Layer _encoder;
    private readonly RecurrentLayer _decoder;
    private readonly MemoryAttention? _attention;
    private readonly Dense _combine;
    private readonly Dense _output;
    private readonly Dropout[] _dropouts;

    /// <summary>Creates the model.</summary>
    /// <param name="sourceSymbols">How many symbols sources are made of, with the three that are no characters.</param>
    /// <param name="targetSymbols">How many symbols targets are made of, likewise.</param>
    /// <param name="options">Sizes, kind of layers, attention, dropout, teacher forcing.</param>
    /// <param name="seed">The same seed gives the same initial weights.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A number of symbols is below 3, or an option is out of range.</exception>
    public EncoderDecoder(int sourceSymbols, int targetSymbols, EncoderDecoderOptions? options = null, ulong seed = 0, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(sourceSymbols, EndSymbol);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(targetSymbols, EndSymbol);
        Options = options ?? new();
        Options.Check();
        var (features, units) = (Options.EmbeddingSize, Options.HiddenSize);
        _sourceEmbedding = Add("source_embedding", new Embedding(sourceSymbols, features, PaddingSymbol, dtype));
        _targetEmbedding = Add("target_embedding", new Embedding(targetSymbols, features, PaddingSymbol, dtype));
        _encoder = Add<Layer>("encoder", Options.IsBidirectional
            ? new Bidirectional(Options.CreateLayer(features, units / 2, dtype))
            : Options.CreateLayer(features, units, dtype));
        _decoder = Add("decoder", Options.CreateLayer(features, units, dtype));
        _attention = Options.Attention is { } score ? Add("attention", new MemoryAttention(score, units, dtype)) : null;
        _combine = Add("combine", new Dense(_attention is null ? units : 2 * units, units, dtype: dtype));
        _output = Add("output", new Dense(units, targetSymbols, dtype: dtype));
        _dropouts = [Add("source_dropout", new Dropout(Options.Dropout)), Add("target_dropout", new Dropout(Options.Dropout)), Add("output_dropout", new Dropout(Options.Dropout))];
        Initialize(seed);
    }

    /// <summary>The settings.</summary>
    public EncoderDecoderOptions Options { get; }

    /// <summary>
    /// The logits for a source and what the decoder reads in one tensor, as <c>SequencePairs</c> gives it to a trainer: a row holds the source, padded, and from
    /// the start symbol on, which stands at the same place in every row, what the decoder reads.
    /// </summary>
    /// <param name="input">(batch, S + T), Int64.</param>
    /// <param name="context">Training or inference. Its lengths are those of the sources.</param>
    /// <returns>(batch, T, target symbols).</returns>
    /// <exception cref="ArgumentException">There is no start symbol behind the source, or not at the same place in every row.</exception>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireSymbols(input, "an input");
        var steps = input.Shape[1];
        var symbols = input.AsSpan<long>();
        var source = symbols[..steps].IndexOf(StartSymbol);
        for (var row = 0; row < input.Shape[0]; row++)
        {
            if (source < 1 || symbols[(row * steps) + source] != StartSymbol)
                throw new ArgumentException($"{Describe()} expects rows of a source and, from one place on, the start symbol {StartSymbol} and what the decoder reads, but row {row} has no start symbol {(source < 1 ? "behind a source" : $"at place {source}")}. Call Forward(source, decoderInput, context) with two tensors.");
        }
        return Forward(input.Slice(1, 0, source), input.Slice(1, source, steps - source), context);
    }

    /// <summary>The logits of each symbol of the target, given those before it.</summary>
    /// <param name="source">(batch, S), Int64.</param>
    /// <param name="decoderInput">What the decoder reads: the start symbol, then the target without its end, (batch, T), Int64.</param>
    /// <param name="context">Training or inference. Its lengths are those of the sources.</param>
    /// <returns>(batch, T, target symbols).</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor Forward(Tensor source, Tensor decoderInput, ForwardContext context)
    {
        var memory = Encode(source, context);
        RequireTarget(decoderInput, source);
        if (context.IsTraining && Options.TeacherForcing < 1)
            decoderInput = WithOwnSymbols(decoderInput, memory, context.RngFor(this));
        return Decode(decoderInput, memory, memory.State, context).Logits;
    }

    /// <summary>How much each step of the decoder attends to each symbol of the source.</summary>
    /// <param name="source">(batch, S), Int64.</param>
    /// <param name="decoderInput">The start symbol, then the symbols that were written, (batch, T), Int64.</param>
    /// <param name="lengths">The sources' lengths, (batch,) Int64; null when none is padded.</param>
    /// <returns>(batch, T, S): rows sum to 1, and are 0 beyond a source's length.</returns>
    /// <exception cref="InvalidOperationException">The model has no attention.</exception>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Tensor AttentionWeights(Tensor source, Tensor decoderInput, Tensor? lengths = null)
    {
        if (_attention is null)
            throw new InvalidOperationException($"{Describe()} was made without attention. Give its options an Attention.");
        using var noGrad = Gradients.NoGrad();
        using var scope = new TensorScope();
        var memory = Encode(source, Inference(lengths));
        RequireTarget(decoderInput, source);
        return Decode(decoderInput, memory, memory.State, ForwardContext.Inference).Weights!.Clone();
    }

    /// <summary>Writes the target of each source, always going on with the likeliest symbol.</summary>
    /// <param name="source">(batch, S), Int64.</param>
    /// <param name="lengths">The sources' lengths, (batch,) Int64; null when none is padded.</param>
    /// <param name="maxLength">The largest number of symbols, the end counted; 100 by default.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public IReadOnlyList<BeamHypothesis> Greedy(Tensor source, Tensor? lengths = null, int maxLength = 100) =>
        [.. Beam(source, lengths, new() { Width = 1, MaxLength = maxLength }).Select(found => found[0])];

    /// <summary>Writes the likeliest targets of each source that <see cref="BeamSearch"/> finds, the best one first.</summary>
    /// <param name="source">(batch, S), Int64.</param>
    /// <param name="lengths">The sources' lengths, (batch,) Int64; null when none is padded.</param>
    /// <param name="options">Width, length normalisation, largest length.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public IReadOnlyList<IReadOnlyList<BeamHypothesis>> Beam(Tensor source, Tensor? lengths = null, BeamSearchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireSymbols(source, "a source");
        var found = new List<IReadOnlyList<BeamHypothesis>>(source.Shape[0]);
        SequenceLengths.Checked(lengths, Describe(), source.Shape[0], source.Shape[1]);
        using var noGrad = Gradients.NoGrad();
        for (var start = 0; start < source.Shape[0]; start += SourcesAtOnce)
        {
            using var scope = new TensorScope();
            var count = Math.Min(SourcesAtOnce, source.Shape[0] - start);
            var memory = Encode(source.Slice(0, start, count), Inference(lengths?.Slice(0, start, count)));
            var forbidden = Tensor.Zeros(_output.OutFeatures, memory.Outputs.DType, memory.Outputs.Device);
            forbidden.Slice(0, PaddingSymbol, StartSymbol + 1).FillInPlace(double.NegativeInfinity);
            found.AddRange(BeamSearch.Run(count, new DecoderState(memory.State, memory, [.. Enumerable.Range(0, count)]), Step, StartSymbol, EndSymbol, options));

            (Tensor, DecoderState) Step(long[] symbols, int[] parents, DecoderState state)
            {
                state = state.Select(parents, memory);
                var (logits, _, next) = Decode(Tensor.From(symbols, (symbols.Length, 1)), state.Memory, state.Recurrent, ForwardContext.Inference);
                return (logits.Reshape(symbols.Length, _output.OutFeatures).LogSoftmax() + forbidden, state with { Recurrent = next });
            }
        }
        return found;
    }

    private static ForwardContext Inference(Tensor? lengths) => lengths is null ? ForwardContext.Inference : ForwardContext.Inference.WithLengths(lengths);

    private EncoderMemory Encode(Tensor source, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(context);
        RequireSymbols(source, "a source");
        var lengths = SequenceLengths.Checked(context.Lengths, Describe(), source.Shape[0], source.Shape[1]);
        var x = _dropouts[0].Forward(_sourceEmbedding.Forward(source, context), context);
        var (outputs, state) = Read(x, context);
        var padding = lengths is null ? null : MultiHeadAttention.PaddingMask(lengths, source.Shape[1]).Reshape(source.Shape[0], 1, source.Shape[1]);
        return new(outputs, _attention?.Keys(outputs), padding, state);
    }

    private (Tensor Outputs, RecurrentState State) Read(Tensor x, ForwardContext context)
    {
        if (_encoder is not Bidirectional both)
        {
            var one = ((RecurrentLayer)_encoder).Run(x, null, context);
            return (one.Sequence, one.State);
        }
        var run = both.Run(x, context: context);
        var (ahead, back) = (run.ForwardState, run.BackwardState);
        return (run.Sequence, new(Tensor.Concat(1, ahead.Hidden, back.Hidden), ahead.Cell is null ? null : Tensor.Concat(1, ahead.Cell, back.Cell!)));
    }

    private (Tensor Logits, Tensor? Weights, RecurrentState State) Decode(Tensor symbols, EncoderMemory memory, RecurrentState state, ForwardContext context)
    {
        context = context.WithoutLengths();
        var x = _dropouts[1].Forward(_targetEmbedding.Forward(symbols, context), context);
        var run = _decoder.Run(x, state, context);
        var weights = _attention?.Weights(run.Sequence, memory.Keys!, memory.Padding);
        var joined = weights is null ? run.Sequence : Tensor.Concat(-1, run.Sequence, weights.MatMul(memory.Outputs));
        var combined = _combine.Forward(joined, context).Tanh();
        return (_output.Forward(_dropouts[2].Forward(combined, context), context), weights, run.State);
    }

    /// <summary>What the decoder reads, with some of the true symbols replaced by those that it would have written there.</summary>
    private Tensor WithOwnSymbols(Tensor decoderInput, EncoderMemory memory, Rng rng)
    {
        using var noGrad = Gradients.NoGrad();
        var written = Decode(decoderInput, memory, memory.State, ForwardContext.Inference).Logits.ArgMax().AsSpan<long>();
        var mixed = decoderInput.AsSpan<long>().ToArray();
        var steps = decoderInput.Shape[1];
        for (var i = 0; i < mixed.Length; i++)
        {
            // Drawn for every place, so that what is drawn for one does not depend on the others.
            if (rng.NextDouble() >= Options.TeacherForcing && i % steps > 0)
                mixed[i] = written[i - 1];
        }
        return Tensor.From(mixed, decoderInput.Shape);
    }

    private void RequireSymbols(Tensor symbols, string what)
    {
        if (symbols.Rank != 2 || symbols.DType != DType.Int64 || symbols.Shape[1] == 0)
            throw ShapeException.Of(Describe(), $"{what} of symbols (batch, time) that holds Int64,", $"{symbols.Shape} of {symbols.DType}");
    }

    private void RequireTarget(Tensor decoderInput, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(decoderInput);
        RequireSymbols(decoderInput, "a decoder input");
        if (decoderInput.Shape[0] != source.Shape[0])
            throw ShapeException.Of(Describe(), "a decoder input for each source", $"sources {source.Shape} and decoder inputs {decoderInput.Shape}");
    }

    /// <summary>What the decoder knows of the sources.</summary>
    private sealed record EncoderMemory(Tensor Outputs, Tensor? Keys, Tensor? Padding, RecurrentState State);

    /// <summary>The rows of a search: the decoder's state, and the source of each with what is known of it.</summary>
    private sealed record DecoderState(RecurrentState Recurrent, EncoderMemory Memory, int[] Sources)
    {
        public DecoderState Select(int[] parents, EncoderMemory all)
        {
            if (IsCount(parents, Sources.Length))
                return this;
            var states = Tensor.From([.. parents.Select(p => (long)p)]);
            var sources = Array.ConvertAll(parents, p => Sources[p]);
            var rows = Tensor.From([.. sources.Select(s => (long)s)]);
            var memory = sources.AsSpan().SequenceEqual(Sources)
                ? Memory
                : new EncoderMemory(all.Outputs.IndexSelect(0, rows), all.Keys?.IndexSelect(0, rows), all.Padding?.IndexSelect(0, rows), all.State);
            return new(new(Recurrent.Hidden.IndexSelect(0, states), Recurrent.Cell?.IndexSelect(0, states)), memory, sources);
        }

        private static bool IsCount(int[] parents, int rows) => parents.Length == rows && parents.AsSpan().SequenceEqual([.. Enumerable.Range(0, rows)]);
    }
}
