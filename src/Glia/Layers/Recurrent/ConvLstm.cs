using System.Text.Json;
using Glia.Initializers;

namespace Glia.Layers;

/// <summary>
/// An LSTM whose products are convolutions (Shi et al. 2015), so that state and output keep the places of the input. With z = Wₓ ∗ xₜ + Wₕ ∗ hₜ₋₁ + b, padded to keep the size
/// and cut into blocks of channels i, f, g, o: cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g) and hₜ = σ(o)·tanh(cₜ). With peepholes, i and f also see w_ci·cₜ₋₁ and w_cf·cₜ₋₁, and o sees
/// w_co·cₜ. The output is the last hₜ, or all of them; steps beyond <see cref="ForwardContext.Lengths"/> change nothing, and their output is 0. Initial Wₓ are Glorot's, Wₕ
/// orthogonal, b 0 but for f, whose is 1, peepholes 0.
/// </summary>
public abstract class ConvLstm : Layer
{
    private readonly ConvSettings _settings;
    private readonly int[]? _peepholes;

    private protected ConvLstm((int In, int Hidden) channels, int[] kernel, bool returnSequences, bool useBias, int[]? peepholes, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels.In, "inChannels");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels.Hidden, "hiddenChannels");
        int[] ones = [.. Enumerable.Repeat(1, kernel.Length)];
        _settings = new ConvSettings(new Windows(kernel, ones, Padding.Same, ones), groups: 1, useBias);
        _peepholes = peepholes;
        (InChannels, HiddenChannels, ReturnSequences) = (channels.In, channels.Hidden, returnSequences);
        WeightX = Add("weight_x", new Parameter(new Shape([4 * HiddenChannels, InChannels, .. kernel]), dtype));
        WeightH = Add("weight_h", new Parameter(new Shape([4 * HiddenChannels, HiddenChannels, .. kernel]), dtype));
        Bias = useBias ? Add("bias", new Parameter(4 * HiddenChannels, dtype, decays: false)) : null;
        if (peepholes is not null)
        {
            if (Array.Exists(peepholes, s => s <= 0))
                throw new ArgumentOutOfRangeException(nameof(peepholes), Windows.Format(peepholes), "The sizes of peepholes must be positive.");
            int[] shape = [HiddenChannels, .. peepholes];
            PeepholeI = Add("w_ci", new Parameter(shape, dtype));
            PeepholeF = Add("w_cf", new Parameter(shape, dtype));
            PeepholeO = Add("w_co", new Parameter(shape, dtype));
        }
        Initialize(DefaultRng.Next());
    }

    /// <summary>The input's channels.</summary>
    public int InChannels { get; }

    /// <summary>The channels of state and output.</summary>
    public int HiddenChannels { get; }

    /// <summary>Whether every step's output is given rather than the last one's.</summary>
    public bool ReturnSequences { get; }

    /// <summary>Wₓ, (4·hidden, channels, kernel…), blocks i, f, g, o.</summary>
    public Parameter WeightX { get; }

    /// <summary>Wₕ, (4·hidden, hidden, kernel…), blocks i, f, g, o.</summary>
    public Parameter WeightH { get; }

    /// <summary>b, (4·hidden,); null without a bias.</summary>
    public Parameter? Bias { get; }

    /// <summary>w_ci, (hidden, sizes…); null without peepholes.</summary>
    public Parameter? PeepholeI { get; }

    /// <summary>w_cf, (hidden, sizes…); null without peepholes.</summary>
    public Parameter? PeepholeF { get; }

    /// <summary>w_co, (hidden, sizes…); null without peepholes.</summary>
    public Parameter? PeepholeO { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank != _settings.Windows.Axes + 2 || input[1] != InChannels || input.Count == 0)
            throw ShapeException.Of(Describe(), $"(time, {InChannels}, {_settings.Windows.AxisNames})", $"input {input}");
        if (_peepholes is not null && !input.Sizes[2..].SequenceEqual(_peepholes))
            throw ShapeException.Of(Describe(), $"steps of {Windows.Format(_peepholes)}, the size of its peepholes,", $"input {input}");
        var output = input.With(1, HiddenChannels);
        return ReturnSequences ? output : output.From(1);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var (output, hidden, _) = Run(input, context);
        return ReturnSequences ? output : hidden;
    }

    /// <summary>The outputs of all steps, and the state after the last.</summary>
    /// <param name="input">(batch, time, channels, sizes…).</param>
    /// <param name="context">Training or inference, perhaps with lengths.</param>
    /// <param name="hidden">h before the first step, (batch, hidden, sizes…); zeros when null.</param>
    /// <param name="cell">c before the first step, (batch, hidden, sizes…); zeros when null.</param>
    /// <returns>h of every step (batch, time, hidden, sizes…), and the last h and c (batch, hidden, sizes…).</returns>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public (Tensor Output, Tensor Hidden, Tensor Cell) Run(Tensor input, ForwardContext context, Tensor? hidden = null, Tensor? cell = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(context);
        OutputShape(SampleOf(input));
        var (batch, time) = (input.Shape[0], input.Shape[1]);
        int[] state = [batch, HiddenChannels, .. input.Shape.Sizes[3..]];
        var h = RequireState(hidden, state) ?? Tensor.Zeros(state, input.DType, input.Device);
        var c = RequireState(cell, state) ?? Tensor.Zeros(state, input.DType, input.Device);
        var padding = context.Lengths is { } lengths ? MultiHeadAttention.PaddingMask(lengths, time) : null;
        var zero = Tensor.Scalar(0, input.DType, input.Device);
        // What the input adds to the gates, for all steps at once, time first.
        var steps = Convolve(input.Transpose(0, 1).Reshape(input.Shape.From(2).Prepend(batch * time)), WeightX, Bias);
        if (Tracing.Tracer.Current is { } tracer && padding is null)
        {
            var byTime = steps.Reshape([time, batch, .. steps.Shape.Sizes[1..]]);
            var (all, last) = tracer.Scan(byTime, [h, c], (x, s) => Step(x, s[0], s[1]) is var (next, nextCell) ? (next, [next, nextCell]) : default, isReverse: false);
            return (all.Transpose(0, 1), last[0], last[1]);
        }
        var outputs = new Tensor[time];
        for (var t = 0; t < time; t++)
        {
            var (nextH, nextC) = Step(steps.Slice(0, t * batch, batch), h, c);
            outputs[t] = nextH;
            if (padding is not null)
            {
                int[] column = [batch, .. Enumerable.Repeat(1, state.Length - 1)];
                var ended = padding.Slice(1, t, 1).Reshape(column);
                outputs[t] = Tensor.Where(ended, zero, nextH);
                (nextH, nextC) = (Tensor.Where(ended, h, nextH), Tensor.Where(ended, c, nextC));
            }
            (h, c) = (nextH, nextC);
        }
        return (Tensor.Stack(1, outputs), h, c);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("hiddenChannels", HiddenChannels);
        Windows.Write(writer, "kernelSize", _settings.Windows.Kernel);
        writer.WriteBoolean("returnSequences", ReturnSequences);
        writer.WriteBoolean("useBias", Bias is not null);
        writer.WriteBoolean("peepholes", _peepholes is not null);
    }

    private protected override void Initialize(Rng rng)
    {
        Initializer.GlorotUniform.Fill(WeightX, rng.Split("weight_x"));
        Initializer.Orthogonal().Fill(WeightH, rng.Split("weight_h"));
        Bias?.FillInPlace(0);
        Bias?.Detach().Slice(0, HiddenChannels, HiddenChannels).FillInPlace(1);
        PeepholeI?.FillInPlace(0);
        PeepholeF?.FillInPlace(0);
        PeepholeO?.FillInPlace(0);
    }

    private (Tensor Hidden, Tensor Cell) Step(Tensor fromInput, Tensor h, Tensor c)
    {
        var z = fromInput + Convolve(h, WeightH, bias: null);
        var (i, f, g, o) = (Block(z, 0), Block(z, 1), Block(z, 2), Block(z, 3));
        if (PeepholeI is not null)
            (i, f) = (i + (PeepholeI * c), f + (PeepholeF! * c));
        c = (f.Sigmoid() * c) + (i.Sigmoid() * g.Tanh());
        if (PeepholeO is not null)
            o += PeepholeO * c;
        return (o.Sigmoid() * c.Tanh(), c);
    }

    private Tensor Block(Tensor z, int which) => z.Slice(1, which * HiddenChannels, HiddenChannels);

    private Tensor Convolve(Tensor x, Tensor weight, Tensor? bias) => Tensor.Convolve(GetType().Name, x, weight, bias, _settings);

    private Tensor? RequireState(Tensor? given, Shape state) => given is null || given.Shape == state
        ? given
        : throw ShapeException.Of(Describe(), $"a state of shape {state}", $"{given.Shape}");
}
