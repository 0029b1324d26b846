namespace Glia.Layers;

/// <summary>The mean of each channel: (batch, channels, length) becomes (batch, channels, 1).</summary>
public sealed class GlobalAvgPool1D() : GlobalPool(1)
{
    private protected override Tensor Reduce(Tensor input, int[] axes) => input.Mean(axes, keepDims: true);
}
