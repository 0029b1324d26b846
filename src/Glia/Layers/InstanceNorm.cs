using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// Instance normalisation (Ulyanov et al. 2016): y = (x − mean) / √(variance + ε), with mean and biased variance of each channel of each sample by
/// itself, in training and inference alike; with <c>affine</c>, scaled by γ and shifted by β per channel. Input (batch, channels, …).
/// </summary>
public sealed class InstanceNorm : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="channels">The size of axis 1.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <param name="affine">Whether γ and β are there, 1 and 0 at first; false by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public InstanceNorm(int channels, double epsilon = 1e-5, bool affine = false, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        (Channels, Epsilon) = (channels, epsilon);
        if (!affine)
            return;
        Weight = Add("weight", new Parameter(channels, dtype, decays: false));
        Bias = Add("bias", new Parameter(channels, dtype, decays: false));
        Weight.FillInPlace(1);
    }

    /// <summary>The size of axis 1.</summary>
    public int Channels { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>γ, (channels,); null without γ and β.</summary>
    public Parameter? Weight { get; }

    /// <summary>β, (channels,); null without γ and β.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 1 && input[0] == Channels && input.Count > 0
        ? input
        : throw ShapeException.Of(Describe(), $"({Channels}, …) with at least one more axis", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return input.GroupNorm(Channels, Weight, Bias, Epsilon);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("epsilon", Epsilon);
        writer.WriteBoolean("affine", Weight is not null);
    }

    private protected override void Initialize(Rng rng)
    {
        Weight?.FillInPlace(1);
        Bias?.FillInPlace(0);
    }
}
