using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// Group normalisation (Wu and He 2018): y = γ·(x − mean) / √(variance + ε) + β, with mean and biased variance of each sample's groups of
/// channels, in training and inference alike; γ and β per channel. Input (batch, channels, …).
/// </summary>
public sealed class GroupNorm : Layer
{
    /// <summary>Creates the layer with γ = 1 and β = 0.</summary>
    /// <param name="groups">How many groups; they divide the channels.</param>
    /// <param name="channels">The size of axis 1.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <param name="affine">Whether γ and β are there; true by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the groups do not divide the channels.</exception>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(groups);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        if (channels % groups != 0)
            throw new ArgumentException($"GroupNorm expects groups to divide its {channels} channels but got {groups} groups.");
        Groups = groups;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        (Channels, Epsilon) = (channels, epsilon);
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
    public override Shape OutputShape(Shape input) => input.Rank > 0 && input[0] == Channels && input.Count > 0
        ? input
        : throw ShapeException.Of(Describe(), $"{Channels} channels", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return input.GroupNorm(Groups, Weight, Bias, Epsilon);
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("groups", Groups);
        writer.WriteNumber("epsilon", Epsilon);
        writer.WriteBoolean("affine", Weight is not null);
    }

    private protected override void Initialize(Rng rng)
    {
        Weight?.FillInPlace(1);
        Bias?.FillInPlace(0);
    }
}
