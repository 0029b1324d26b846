namespace Glia.Layers;

/// <summary>The mean of each channel: (batch, channels, rows, columns) becomes (batch, channels, 1, 1).</summary>
public sealed class GlobalAvgPool2D() : GlobalPool(2)
{
    private protected override Tensor Reduce(Tensor input, int[] axes) => input.Mean(axes, keepDims: true);
}
