using System.Text.Json;
using Glia.Initializers;
using Glia.Ops;
using Glia.Replay;

namespace Glia.Layers;

/// <summary>
/// What recurrent layers have in common. The input is (batch, time, features); the output is (batch, time, outputs), or (batch, outputs) of the last
/// valid step. Weights are stacked gate by gate: <c>weight_ih</c> (gates·hidden, features) starts as Glorot's, each gate's block of <c>weight_hh</c> as an
/// orthogonal matrix, biases as 0. Where <see cref="ForwardContext.Lengths"/> are given, each sequence is treated as if it were alone: steps
/// beyond its length change nothing, and the output is 0 there.
/// </summary>
public abstract class RecurrentLayer : Layer
{
    private readonly RecurrentOptions _options;
    private RecurrentState? _kept;

    private protected RecurrentLayer(int inputSize, int hiddenSize, int stateSize, RecurrentOptions options, RecurrentGate[] gates, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stateSize);
        if (!(options.RecurrentDropout >= 0 && options.RecurrentDropout < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.RecurrentDropout, "Recurrent dropout expects a probability from 0 up to but not including 1.");
        (HiddenSize, Gates, _options) = (hiddenSize, gates, options);
        WeightIh = Add("weight_ih", new Parameter((checked(gates.Length * hiddenSize), inputSize), dtype));
        WeightHh = Add("weight_hh", new Parameter((gates.Length * hiddenSize, stateSize), dtype));
        Bias = options.UseBias ? Add("bias", new Parameter(gates.Length * hiddenSize, dtype, decays: false)) : null;
    }

    /// <summary>The weights of the input, (gates·hidden, features).</summary>
    public Parameter WeightIh { get; }

    /// <summary>The weights of the state, (gates·hidden, state).</summary>
    public Parameter WeightHh { get; }

    /// <summary>The bias, (gates·hidden,); null without one.</summary>
    public Parameter? Bias { get; }

    /// <summary>The number of features of one time step.</summary>
    public int InputSize => WeightIh.Shape[1];

    /// <summary>The number of units.</summary>
    public int HiddenSize { get; }

    /// <summary>The number of outputs of one time step.</summary>
    public virtual int OutputSize => StateSize;

    /// <summary>The gates, in the order in which the weights are stacked.</summary>
    public IReadOnlyList<RecurrentGate> Gates { get; }

    /// <summary>Whether the output of every time step is given.</summary>
    public bool ReturnSequences => _options.ReturnSequences;

    /// <summary>Whether the state is kept from one call to the next.</summary>
    public bool IsStateful => _options.Stateful;

    /// <summary>
    /// The state that a stateful layer begins its next call with: null, which means zeros, before the first one and after <see cref="Module.ResetState"/>. Reading gives a
    /// copy, and setting takes one.
    /// </summary>
    /// <exception cref="InvalidOperationException">A state is set, but the layer is not stateful.</exception>
    /// <exception cref="ShapeException">The state that is set is not (batch, hidden), or lacks the cell of an <see cref="Lstm"/>.</exception>
    public RecurrentState? KeptState
    {
        get => _kept?.Copy();
        set
        {
            if (value is not null && !IsStateful)
                throw new InvalidOperationException($"{Describe()} keeps no state between calls. Create it with Stateful = true.");
            if (value is not null && (value.Hidden.Rank != 2 || value.Hidden.Shape[1] != StateSize || (HasCell && value.Cell?.Shape != (value.Hidden.Shape[0], HiddenSize))))
                throw ShapeException.Of(Describe(), $"a state (batch, {StateSize}){(HasCell ? $" with a cell (batch, {HiddenSize})" : "")}", $"{value.Hidden.Shape}{(value.Cell is { } cell ? $" with a cell {cell.Shape}" : "")}");
            _kept = value?.Copy();
        }
    }

    /// <summary>The size of the hidden state.</summary>
    internal int StateSize => WeightHh.Shape[1];

    private protected virtual bool HasCell => false;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 2 && input[1] == InputSize && input[0] > 0
        ? ReturnSequences ? (input[0], OutputSize) : OutputSize
        : throw ShapeException.Of(Describe(), $"(time, {InputSize}) with at least one step", $"input {input}", input.Rank == 1 ? "Put an axis of time in front of the features." : null);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Forward(input, context, isReverse: false);

    /// <summary>Runs the layer from a state on, and gives all outputs and the state at the end; gradients flow through both.</summary>
    /// <param name="input">(batch, time, features).</param>
    /// <param name="state">The state before the first step; zeros, or the kept one of a stateful layer, when null.</param>
    /// <param name="context">Training or inference, and lengths; inference when null.</param>
    /// <exception cref="ShapeException">Input or state has a wrong shape.</exception>
    public RecurrentOutput Run(Tensor input, RecurrentState? state = null, ForwardContext? context = null) =>
        Run(input, state, context ?? ForwardContext.Inference, isReverse: false);

    internal Tensor Forward(Tensor input, ForwardContext context, bool isReverse)
    {
        var wanted = ReturnSequences ? RecurrentParts.Sequence : RecurrentParts.Hidden;
        var (sequence, final, lengths) = Compute(input, null, context, isReverse, IsStateful ? wanted | FinalParts : wanted);
        return ReturnSequences ? OutputOf(sequence!, lengths) : OutputOf(final!.Hidden, null);
    }

    internal RecurrentOutput Run(Tensor input, RecurrentState? state, ForwardContext context, bool isReverse)
    {
        var (sequence, final, lengths) = Compute(input, state, context, isReverse, RecurrentParts.Sequence | FinalParts);
        return new(OutputOf(sequence!, lengths), OutputOf(final!.Hidden, null), final);
    }

    /// <summary>The layer step by step in plain operations, with all that happens inside; a kept state is neither used nor changed.</summary>
    internal PlainResult RunPlain(Tensor input, RecurrentState? state, ForwardContext context, out Tensor? lengths)
    {
        (input, lengths) = Prepare(input, context);
        return PlainRecurrence.Run(Cell(DropoutMask(input, context)), input, InitialState(input, state), lengths, isReverse: false);
    }

    /// <summary>A new layer of the same settings, for the other direction.</summary>
    internal abstract RecurrentLayer Twin();

    /// <summary>The layer's cell in plain operations.</summary>
    private protected abstract PlainCell Cell(Tensor? hiddenMask);

    /// <summary>The whole run as one operation; null when the settings have none.</summary>
    private protected abstract Tensor? Fused(Tensor input, RecurrentState state, RecurrentRun run);

    /// <summary>The outputs y of hidden states h.</summary>
    private protected virtual Tensor OutputOf(Tensor hidden, Tensor? lengths) => hidden;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("units", HiddenSize);
        writer.WriteBoolean("returnSequences", ReturnSequences);
        writer.WriteBoolean("stateful", IsStateful);
        writer.WriteBoolean("useBias", Bias is not null);
        writer.WriteNumber("recurrentDropout", _options.RecurrentDropout);
    }

    private protected override void Initialize(Rng rng)
    {
        Initializer.GlorotUniform.Fill(WeightIh, rng.Split("weight_ih"));
        var blocks = WeightHh.Detach();
        for (var gate = 0; gate < Gates.Count; gate++)
            Initializer.Orthogonal().Fill(blocks.Slice(0, gate * HiddenSize, HiddenSize), rng.Split("weight_hh").Split((ulong)gate));
        Bias?.FillInPlace(0);
    }

    private protected override void ForgetState() => _kept = null;

    private RecurrentParts FinalParts => HasCell ? RecurrentParts.Hidden | RecurrentParts.Cell : RecurrentParts.Hidden;

    private (Tensor? Sequence, RecurrentState? Final, Tensor? Lengths) Compute(
        Tensor input, RecurrentState? state, ForwardContext context, bool isReverse, RecurrentParts parts)
    {
        (input, var lengths) = Prepare(input, context);
        if (context.States is { } states)
            return Recorded(states, input, state, context, lengths, isReverse);
        var initial = InitialState(input, state ?? CurrentState(input));
        var (sequence, final) = Compute(input, initial, DropoutMask(input, context), new(lengths, isReverse, parts));
        if (IsStateful)
            Keep(final!);
        return (sequence, final, lengths);
    }

    private (Tensor? Sequence, RecurrentState? Final) Compute(Tensor input, RecurrentState initial, Tensor? hiddenMask, RecurrentRun run)
    {
        if (hiddenMask is null && !Tracing.Tracer.IsOn && Fused(input, initial, run) is { } packed)
        {
            var sizes = new Kernels.RecurrentSizes(input.Shape[0], input.Shape[1], StateSize, run.IsReverse);
            var final = run.Part(RecurrentParts.Hidden, packed, sizes) is { } hidden ? new RecurrentState(hidden, run.Part(RecurrentParts.Cell, packed, sizes)) : null;
            return (run.Part(RecurrentParts.Sequence, packed, sizes), final);
        }
        var plain = PlainRecurrence.Run(Cell(hiddenMask), input, initial, run.Lengths, run.IsReverse);
        return (plain.Sequence, plain.Final);
    }

    /// <summary>The run in plain operations, with the hidden state of every step recorded; a kept state is neither used nor changed.</summary>
    private (Tensor? Sequence, RecurrentState? Final, Tensor? Lengths) Recorded(
        RecordedStates states, Tensor input, RecurrentState? state, ForwardContext context, Tensor? lengths, bool isReverse)
    {
        var initial = InitialState(input, state);
        // The initial state requires a gradient, so that everything is recorded even when no parameter is trained.
        if (state is null)
            initial.Hidden.RequiresGrad = true;
        var run = PlainRecurrence.Run(Cell(DropoutMask(input, context)), input, initial, lengths, isReverse);
        states.Add(Path, Array.ConvertAll(run.Steps, s => s.State.Hidden));
        return (run.Sequence, run.Final, lengths);
    }

    /// <summary>The input with nothing beyond the lengths, and the lengths, both checked.</summary>
    private (Tensor Input, Tensor? Lengths) Prepare(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        var lengths = SequenceLengths.Checked(context.Lengths, Describe(), input.Shape[0], input.Shape[1]);
        return (lengths is null ? input : SequenceLengths.Mask(input, lengths), lengths);
    }

    private Tensor? DropoutMask(Tensor input, ForwardContext context) => context.IsTraining && _options.RecurrentDropout > 0
        ? Dropout.Mask(_options.RecurrentDropout, (input.Shape[0], StateSize), input, context.RngFor(this))
        : null;

    private RecurrentState InitialState(Tensor input, RecurrentState? state)
    {
        Shape hidden = (input.Shape[0], StateSize), cell = (input.Shape[0], HiddenSize);
        if (state is null)
            return new(Tensor.Zeros(hidden, input.DType, input.Device), HasCell ? Tensor.Zeros(cell, input.DType, input.Device) : null);
        if (state.Hidden.Shape != hidden)
            throw ShapeException.Of(Describe(), $"a hidden state of shape {hidden}", $"{state.Hidden.Shape}");
        if (HasCell && state.Cell?.Shape != cell)
            throw ShapeException.Of(Describe(), $"a state with a cell of shape {cell}", state.Cell is { } given ? $"{given.Shape}" : "a state without a cell");
        return state;
    }

    /// <summary>A copy of the kept state, since a graph made with it outlives the next call.</summary>
    private RecurrentState? CurrentState(Tensor input)
    {
        if (_kept is null)
            return null;
        if (_kept.Hidden.Shape[0] != input.Shape[0])
        {
            throw new ArgumentException(
                $"{Describe()} keeps the state of {_kept.Hidden.Shape[0]} sequences but got a batch of {input.Shape[0]}. Call ResetState() first, or make all batches of one size.");
        }
        return new(CopyOf(_kept.Hidden), _kept.Cell is null ? null : CopyOf(_kept.Cell));

        static Tensor CopyOf(Tensor x)
        {
            var copy = Tensor.Allocate(x.Shape, x.DType, x.Device);
            copy.CopyFrom(x);
            return copy;
        }
    }

    private void Keep(RecurrentState final)
    {
        Recorder.RefuseCurrent("a layer keeps its state");
        if (_kept is null || _kept.Hidden.Shape != final.Hidden.Shape)
        {
            _kept = final.Copy();
            return;
        }
        _kept.Hidden.CopyFrom(final.Hidden);
        _kept.Cell?.CopyFrom(final.Cell!);
    }
}
