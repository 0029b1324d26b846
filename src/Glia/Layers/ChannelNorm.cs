using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// What <see cref="GroupNorm"/> and <see cref="InstanceNorm"/> have in common: y = γ·(x − mean) / √(variance + ε) + β, with mean and biased variance of groups of channels of each
/// sample by itself, in training and inference alike. Input (batch, channels, …).
/// </summary>
public abstract class ChannelNorm : Layer
{
    private protected ChannelNorm(int groups, int channels, double epsilon, bool affine, DType dtype)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (channels % groups != 0)
            throw new ArgumentException($"{GetType().Name} expects groups to divide its {channels} channels but got {groups} groups.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        (Groups, Channels, Epsilon) = (groups, channels, epsilon);
        if (!affine)
            return;
        Weight = Add("weight", new Parameter(channels, dtype, decays: false));
        Bias = Add("bias", new Parameter(channels, dtype, decays: false));
        Weight.FillInPlace(1);
    }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>The size of axis 1.</summary>
    public int Channels { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>γ, (channels,); null without γ and β.</summary>
    public Parameter? Weight { get; }

    /// <summary>β, (channels,); null without γ and β.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return input.GroupNorm(Groups, Weight, Bias, Epsilon);
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
