using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// Group normalisation (Wu and He 2018): y = γ·(x − mean) / √(variance + ε) + β, with mean and biased variance of each sample's groups of
/// channels, in training and inference alike; γ and β per channel. Input (batch, channels, …).
/// </summary>
public sealed class GroupNorm : ChannelNorm
{
    /// <summary>Creates the layer with γ = 1 and β = 0.</summary>
    /// <param name="groups">How many groups; they divide the channels.</param>
    /// <param name="channels">The size of axis 1.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <param name="affine">Whether γ and β are there; true by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the groups do not divide the channels.</exception>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true, DType dtype = DType.Float32)
        : base(groups, channels, epsilon, affine, dtype)
    {
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 0 && input[0] == Channels && input.Count > 0
        ? input
        : throw ShapeException.Of(Describe(), $"{Channels} channels", $"input {input}");

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("groups", Groups);
        base.WriteConfig(writer);
    }
}
