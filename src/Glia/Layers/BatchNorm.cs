using System.Text.Json;
using Glia.Initializers;
using Glia.Tracing;

namespace Glia.Layers;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy 2015): y = γ·(x − mean) / √(variance + ε) + β per channel, over the batch and all positions. In
/// training by the batch's own mean and biased variance; running statistics, running = decay·running + (1 − decay)·batch with the unbiased
/// variance, serve inference. Input (batch, channels) or (batch, channels, …).
/// </summary>
public sealed class BatchNorm : Layer
{
    /// <summary>Creates the layer with γ = 1, β = 0, running mean 0 and running variance 1.</summary>
    /// <param name="channels">The size of axis 1.</param>
    /// <param name="decay">How much of the running statistics stays at each step; 0.9 by default.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public BatchNorm(int channels, double decay = 0.9, double epsilon = 1e-5, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegative(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decay, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        Decay = decay;
        Epsilon = epsilon;
        Weight = Add("weight", new Parameter(channels, dtype, decays: false));
        Bias = Add("bias", new Parameter(channels, dtype, decays: false));
        RunningMean = AddBuffer("running_mean", Tensor.Zeros(channels, dtype));
        RunningVariance = AddBuffer("running_var", Tensor.Ones(channels, dtype));
        Initialize(DefaultRng.Next());
    }

    /// <summary>γ, (channels,).</summary>
    public Parameter Weight { get; }

    /// <summary>β, (channels,).</summary>
    public Parameter Bias { get; }

    /// <summary>The running mean, (channels,).</summary>
    public Tensor RunningMean { get; }

    /// <summary>The running unbiased variance, (channels,).</summary>
    public Tensor RunningVariance { get; }

    /// <summary>How much of the running statistics stays at each step.</summary>
    public double Decay { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    private int Channels => Weight.Count;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 0 && input[0] == Channels
        ? input
        : throw ShapeException.Of(Describe(), $"{Channels} channels", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (input.Rank < 2 || input.Shape[1] != Channels)
            throw ShapeException.Of(Describe(), $"(batch, {Channels}, …)", $"input {input.Shape}");
        return context.IsTraining ? NormalizeByBatch(input) : NormalizeByRunning(input);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("decay", Decay);
        writer.WriteNumber("epsilon", Epsilon);
    }

    private protected override void Initialize(Rng rng)
    {
        Weight.FillInPlace(1);
        Bias.FillInPlace(0);
    }

    private Tensor NormalizeByBatch(Tensor input)
    {
        var count = input.Count / Channels;
        if (count < 2)
            throw new ArgumentException($"{Describe()} needs more than one value per channel in training but got input {input.Shape}. Use a larger batch, or drop the last partial one.");
        var operation = new BatchNormOperation(Epsilon);
        var y = operation.Apply(input, Weight, Bias);
        using (Gradients.NoGrad())
        {
            Blend(RunningMean, operation.Mean!);
            Blend(RunningVariance, operation.Variance! * (count / (count - 1.0)));
        }
        return y;
    }

    private Tensor NormalizeByRunning(Tensor input) => Tracer.Current is { } tracer
        ? tracer.Whole(new BatchNormCall(Epsilon), input, Weight, Bias, RunningMean, RunningVariance)
        : ByStatistics(input, Weight, Bias, RunningMean, RunningVariance, Epsilon);

    internal static Tensor ByStatistics(Tensor input, Tensor gamma, Tensor beta, Tensor mean, Tensor variance, double epsilon)
    {
        var perChannel = Axes.PerChannel(gamma.Count, input.Rank);
        var scale = gamma * (variance + epsilon).Rsqrt();
        var shift = beta - (mean * scale);
        return (input * scale.Reshape(perChannel)) + shift.Reshape(perChannel);
    }

    private void Blend(Tensor running, Tensor batch) => running.CopyFrom((running * Decay) + (batch * (1 - Decay)));
}
