namespace Glia.Layers;

/// <summary>The mean of each channel: (batch, channels, depth, rows, columns) becomes (batch, channels, 1, 1, 1).</summary>
public sealed class GlobalAvgPool3D() : GlobalPool(3)
{
    private protected override Tensor Reduce(Tensor input, int[] axes) => input.Mean(axes, keepDims: true);
}
