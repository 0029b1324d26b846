using System.Text.Json;
using Glia.Initializers;
using Glia.Ops;

namespace Glia.Layers;

/// <summary>
/// A simple recurrent layer (Elman 1990): h[t] = σ_h(W_hh·h[t − 1] + W_xh·x[t] + b_h), and, when outputs are asked for, y[t] = σ_y(W_hy·h[t] + b_y); else y = h.
/// W_xh is <c>weight_ih</c> (hidden, features), W_hh is <c>weight_hh</c> (hidden, hidden), W_hy is <c>weight_hy</c> (outputs, hidden). See
/// <see cref="RecurrentLayer"/> for shapes and initial weights.
/// </summary>
public sealed class SimpleRnn : RecurrentLayer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inputSize">The number of features of one time step.</param>
    /// <param name="hiddenSize">The number of units.</param>
    /// <param name="options">Activations, outputs, whether sequences are returned, state; see <see cref="SimpleRnnOptions"/>.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or a setting is out of range.</exception>
    public SimpleRnn(int inputSize, int hiddenSize, SimpleRnnOptions? options = null, DType dtype = DType.Float32)
        : base(inputSize, hiddenSize, hiddenSize, options ??= new(), [RecurrentGate.Proposal], dtype)
    {
        ArgumentNullException.ThrowIfNull(options.Activation);
        if (options.Outputs is null && options.OutputActivation is not null)
            throw new ArgumentException("SimpleRnn applies OutputActivation to its outputs; set Outputs, their number, too.");
        Options = options;
        if (options.Outputs is { } outputs)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs, nameof(options));
            WeightHy = Add("weight_hy", new Parameter((outputs, hiddenSize), dtype));
            BiasY = options.UseBias ? Add("bias_y", new Parameter(outputs, dtype, decays: false)) : null;
        }
        Initialize(DefaultRng.Next());
    }

    /// <summary>The settings.</summary>
    public SimpleRnnOptions Options { get; }

    /// <summary>W_hy, (outputs, hidden); null without outputs of their own.</summary>
    public Parameter? WeightHy { get; }

    /// <summary>b_y, (outputs,); null without outputs of their own or without biases.</summary>
    public Parameter? BiasY { get; }

    /// <inheritdoc/>
    public override int OutputSize => WeightHy?.Shape[0] ?? HiddenSize;

    /// <summary>Runs the layer and gives every hidden state and output.</summary>
    /// <param name="input">(batch, time, features).</param>
    /// <param name="state">The state before the first step; zeros when null.</param>
    /// <param name="context">Training or inference, and lengths; inference when null.</param>
    public SimpleRnnTrace Trace(Tensor input, RecurrentState? state = null, ForwardContext? context = null)
    {
        var run = RunPlain(input, state, context ?? ForwardContext.Inference, out var lengths);
        return new(run.Sequence, OutputOf(run.Sequence, lengths));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        base.WriteConfig(writer);
        writer.WritePropertyName("activation");
        LayerCatalog.Write(writer, Options.Activation);
        if (Options.Outputs is { } outputs)
            writer.WriteNumber("outputs", outputs);
        if (Options.OutputActivation is { } activation)
        {
            writer.WritePropertyName("outputActivation");
            LayerCatalog.Write(writer, activation);
        }
    }

    internal override RecurrentLayer Twin() => new SimpleRnn(InputSize, HiddenSize, Options, WeightIh.DType);

    private protected override PlainCell Cell(Tensor? hiddenMask) =>
        new SimpleRnnCell(WeightIh, WeightHh, Bias, Options.Activation.Function) { HiddenMask = hiddenMask };

    private protected override Tensor? Fused(Tensor input, RecurrentState state, RecurrentRun run)
    {
        if (!Options.Activation.Function.IsFusable)
            return null;
        return Bias is null
            ? Options.Activation.Function.SimpleRnn(run, input, WeightIh, WeightHh, state.Hidden)
            : Options.Activation.Function.SimpleRnn(run, input, WeightIh, WeightHh, state.Hidden, Bias);
    }

    private protected override Tensor OutputOf(Tensor hidden, Tensor? lengths)
    {
        if (WeightHy is null)
            return hidden;
        var y = hidden.MatMul(WeightHy, transposeB: true);
        if (BiasY is not null)
            y += BiasY;
        if (Options.OutputActivation is { } activation)
            y = activation.Function.Apply(y);
        return lengths is null ? y : SequenceLengths.Mask(y, lengths);
    }

    private protected override void Initialize(Rng rng)
    {
        base.Initialize(rng);
        if (WeightHy is not null)
            Initializer.GlorotUniform.Fill(WeightHy, rng.Split("weight_hy"));
        BiasY?.FillInPlace(0);
    }
}

/// <summary>What happened inside a <see cref="SimpleRnn"/>.</summary>
/// <param name="Hidden">h, (batch, time, hidden).</param>
/// <param name="Output">y, (batch, time, outputs).</param>
public sealed record SimpleRnnTrace(Tensor Hidden, Tensor Output);
