using Glia.Initializers;
using Glia.Ops;

namespace Glia.Layers;

/// <summary>
/// The gated recurrent unit (Cho et al. 2014), its reset gate acting after the product as in cuDNN: r, z = σ(W_ih·x[t] + b + W_hh·h[t − 1]),
/// n = tanh(W_in·x[t] + b_n + r·(W_hn·h[t − 1] + b_hn)), h[t] = (1 − z)·n + z·h[t − 1]. Weights are stacked r, z, n; b_hn is <c>bias_hh_n</c>, which could
/// not be part of b since r multiplies it. See <see cref="RecurrentLayer"/> for shapes and initial weights.
/// </summary>
public sealed class Gru : RecurrentLayer
{
    private static readonly RecurrentGate[] Order = [RecurrentGate.Reset, RecurrentGate.Update, RecurrentGate.Proposal];

    /// <summary>Creates the layer.</summary>
    /// <param name="inputSize">The number of features of one time step.</param>
    /// <param name="hiddenSize">The number of units.</param>
    /// <param name="options">Whether sequences are returned, state, biases, dropout; see <see cref="GruOptions"/>.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or a setting is out of range.</exception>
    public Gru(int inputSize, int hiddenSize, GruOptions? options = null, DType dtype = DType.Float32)
        : base(inputSize, hiddenSize, hiddenSize, options ??= new(), Order, dtype)
    {
        Options = options;
        BiasHhN = options.UseBias ? Add("bias_hh_n", new Parameter(hiddenSize, dtype, decays: false)) : null;
        Initialize(DefaultRng.Next());
    }

    /// <summary>The settings.</summary>
    public GruOptions Options { get; }

    /// <summary>b_hn, (hidden,); null without biases.</summary>
    public Parameter? BiasHhN { get; }

    /// <summary>Runs the layer and gives every gate and state.</summary>
    /// <param name="input">(batch, time, features).</param>
    /// <param name="state">The state before the first step; zeros when null.</param>
    /// <param name="context">Training or inference, and lengths; inference when null.</param>
    public GruTrace Trace(Tensor input, RecurrentState? state = null, ForwardContext? context = null)
    {
        var run = RunPlain(input, state, context ?? ForwardContext.Inference, out var lengths);
        Tensor Gate(int gate) => PlainRecurrence.Stack(run.Steps, s => s.Gates[gate], lengths);
        return new(Gate(0), Gate(1), Gate(2), run.Sequence);
    }

    internal override RecurrentLayer Twin() => new Gru(InputSize, HiddenSize, Options, WeightIh.DType);

    private protected override PlainCell Cell(Tensor? hiddenMask) => new GruCell(WeightIh, WeightHh, Bias, BiasHhN) { HiddenMask = hiddenMask };

    private protected override Tensor Fused(Tensor input, RecurrentState state, RecurrentRun run) => Bias is null
        ? new GruOperation(run).Apply(input, WeightIh, WeightHh, state.Hidden)
        : new GruOperation(run).Apply(input, WeightIh, WeightHh, state.Hidden, Bias, BiasHhN!);

    private protected override void Initialize(Rng rng)
    {
        base.Initialize(rng);
        BiasHhN?.FillInPlace(0);
    }
}

/// <summary>What happened inside a <see cref="Gru"/>, each (batch, time, hidden) and 0 beyond a sequence's length.</summary>
/// <param name="ResetGate">r: how much of the state the proposal sees.</param>
/// <param name="UpdateGate">z: how much of the state is kept.</param>
/// <param name="Proposal">n, the proposed values.</param>
/// <param name="Hidden">h.</param>
public sealed record GruTrace(Tensor ResetGate, Tensor UpdateGate, Tensor Proposal, Tensor Hidden);
