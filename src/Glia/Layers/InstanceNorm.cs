namespace Glia.Layers;

/// <summary>
/// Instance normalisation (Ulyanov et al. 2016): y = (x − mean) / √(variance + ε), with mean and biased variance of each channel of each sample by
/// itself, in training and inference alike; with <c>affine</c>, scaled by γ and shifted by β per channel. Input (batch, channels, …).
/// </summary>
public sealed class InstanceNorm : ChannelNorm
{
    /// <summary>Creates the layer.</summary>
    /// <param name="channels">The size of axis 1.</param>
    /// <param name="epsilon">ε; 1e-5 by default.</param>
    /// <param name="affine">Whether γ and β are there, 1 and 0 at first; false by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public InstanceNorm(int channels, double epsilon = 1e-5, bool affine = false, DType dtype = DType.Float32)
        : base(channels, channels, epsilon, affine, dtype)
    {
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 1 && input[0] == Channels && input.Count > 0
        ? input
        : throw ShapeException.Of(Describe(), $"({Channels}, …) with at least one more axis", $"input {input}");
}
