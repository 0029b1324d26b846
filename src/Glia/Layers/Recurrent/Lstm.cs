using System.Text.Json;
using Glia.Initializers;
using Glia.Ops;

namespace Glia.Layers;

/// <summary>
/// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000). With z = W_ih·x[t] + W_hh·h[t − 1] + b in four
/// blocks: i, f, o = σ(z_i), σ(z_f), σ(z_o), g = tanh(z_g), c[t] = f·c[t − 1] + i·g, h[t] = o·σ_y(c[t]). Weights are stacked i, f, g, o. See
/// <see cref="RecurrentLayer"/> for shapes and initial weights; the forget gate's bias starts at 1.
/// </summary>
public sealed class Lstm : RecurrentLayer
{
    private static readonly RecurrentGate[] Order = [RecurrentGate.Input, RecurrentGate.Forget, RecurrentGate.Proposal, RecurrentGate.Output];

    /// <summary>Creates the layer.</summary>
    /// <param name="inputSize">The number of features of one time step.</param>
    /// <param name="hiddenSize">The number of units.</param>
    /// <param name="options">Whether sequences are returned, state, forget bias, projection, peepholes, normalisation; see <see cref="LstmOptions"/>.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or a setting is out of range.</exception>
    public Lstm(int inputSize, int hiddenSize, LstmOptions? options = null, DType dtype = DType.Float32)
        : base(inputSize, hiddenSize, options?.Projection ?? hiddenSize, options ??= new(), Order, dtype)
    {
        ArgumentNullException.ThrowIfNull(options.Activation);
        if (!double.IsFinite(options.ForgetBias))
            throw new ArgumentOutOfRangeException(nameof(options), options.ForgetBias, "The forget bias must be a finite number.");
        Options = options;
        if (options.Projection is { } projection)
            WeightHr = Add("weight_hr", new Parameter((projection, hiddenSize), dtype));
        if (options.Peephole)
            WeightPeephole = Add("weight_peephole", new Parameter(3 * hiddenSize, dtype));
        if (options.LayerNorm)
        {
            NormIh = Add("norm_ih", new Parameter(4 * hiddenSize, dtype, decays: false));
            NormHh = Add("norm_hh", new Parameter(4 * hiddenSize, dtype, decays: false));
            NormCell = Add("norm_cell", new Parameter(hiddenSize, dtype, decays: false));
            NormCellShift = Add("norm_cell_shift", new Parameter(hiddenSize, dtype, decays: false));
        }
        Initialize(DefaultRng.Next());
    }

    /// <summary>The settings.</summary>
    public LstmOptions Options { get; }

    /// <summary>The projection, (projected, hidden); null without one.</summary>
    public Parameter? WeightHr { get; }

    /// <summary>The peepholes of i, f and o, (3·hidden,), 0 at first; null without them.</summary>
    public Parameter? WeightPeephole { get; }

    /// <summary>The scale of the normalised product with the input, (4·hidden,); null without normalisation. Its shift is the bias.</summary>
    public Parameter? NormIh { get; }

    /// <summary>The scale of the normalised product with the state, (4·hidden,); null without normalisation.</summary>
    public Parameter? NormHh { get; }

    /// <summary>The scale of the normalised cell, (hidden,); null without normalisation.</summary>
    public Parameter? NormCell { get; }

    /// <summary>The shift of the normalised cell, (hidden,); null without normalisation.</summary>
    public Parameter? NormCellShift { get; }

    private protected override bool HasCell => true;

    /// <summary>Runs the layer and gives every gate and state.</summary>
    /// <param name="input">(batch, time, features).</param>
    /// <param name="state">The state before the first step; zeros when null.</param>
    /// <param name="context">Training or inference, and lengths; inference when null.</param>
    public LstmTrace Trace(Tensor input, RecurrentState? state = null, ForwardContext? context = null)
    {
        var run = RunPlain(input, state, context ?? ForwardContext.Inference, out var lengths);
        Tensor Gate(int gate) => PlainRecurrence.Stack(run.Steps, s => s.Gates[gate], lengths);
        return new(Gate(0), Gate(1), Gate(3), Gate(2), PlainRecurrence.Stack(run.Steps, s => s.State.Cell!, lengths), run.Sequence);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        base.WriteConfig(writer);
        writer.WritePropertyName("activation");
        LayerCatalog.Write(writer, Options.Activation);
        writer.WriteNumber("forgetBias", Options.ForgetBias);
        if (Options.Projection is { } projection)
            writer.WriteNumber("projection", projection);
        writer.WriteBoolean("peephole", Options.Peephole);
        writer.WriteBoolean("layerNorm", Options.LayerNorm);
    }

    internal override RecurrentLayer Twin() => new Lstm(InputSize, HiddenSize, Options, WeightIh.DType);

    private protected override PlainCell Cell(Tensor? hiddenMask) => new LstmCell(WeightIh, WeightHh, Bias)
    {
        HiddenMask = hiddenMask,
        Activation = Options.Activation.Function,
        Projection = WeightHr,
        Peephole = WeightPeephole,
        Norm = NormIh is null ? null : (NormIh, NormHh!, NormCell!, NormCellShift!),
    };

    private protected override Tensor? Fused(Tensor input, RecurrentState state, RecurrentRun run)
    {
        if (Options.Activation is not Tanh || WeightHr is not null || WeightPeephole is not null || NormIh is not null)
            return null;
        return Bias is null
            ? new LstmOperation(run).Apply(input, WeightIh, WeightHh, state.Hidden, state.Cell!)
            : new LstmOperation(run).Apply(input, WeightIh, WeightHh, state.Hidden, state.Cell!, Bias);
    }

    private protected override void Initialize(Rng rng)
    {
        base.Initialize(rng);
        Bias?.Detach().Slice(0, HiddenSize, HiddenSize).FillInPlace(Options.ForgetBias);
        if (WeightHr is not null)
            Initializer.GlorotUniform.Fill(WeightHr, rng.Split("weight_hr"));
        WeightPeephole?.FillInPlace(0);
        NormIh?.FillInPlace(1);
        NormHh?.FillInPlace(1);
        NormCell?.FillInPlace(1);
        NormCellShift?.FillInPlace(0);
    }
}

/// <summary>What happened inside an <see cref="Lstm"/>, each (batch, time, hidden) and 0 beyond a sequence's length.</summary>
/// <param name="InputGate">i: how much of the proposal is let in.</param>
/// <param name="ForgetGate">f: how much of the cell is kept.</param>
/// <param name="OutputGate">o: how much of the cell is shown.</param>
/// <param name="Proposal">g, the proposed values.</param>
/// <param name="Cell">c.</param>
/// <param name="Hidden">h; (batch, time, projected) with a projection.</param>
public sealed record LstmTrace(Tensor InputGate, Tensor ForgetGate, Tensor OutputGate, Tensor Proposal, Tensor Cell, Tensor Hidden);
