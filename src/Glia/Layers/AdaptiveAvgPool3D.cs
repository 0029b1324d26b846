namespace Glia.Layers;

/// <summary>
/// The mean of each cell of a grid laid over each channel, whatever the input's size: cell i covers the elements from ⌊i·in / out⌋ up to, not
/// including, ⌈(i + 1)·in / out⌉. (batch, channels, depth, rows, columns) becomes (batch, channels, output size).
/// </summary>
public sealed class AdaptiveAvgPool3D : AdaptivePool
{
    /// <summary>Creates the layer.</summary>
    /// <param name="outputSize">The number of cells along each axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public AdaptiveAvgPool3D(Size3D outputSize)
        : base(outputSize.ToArray())
    {
    }

    internal AdaptiveAvgPool3D(int[] outputSize)
        : base(outputSize)
    {
    }

    private protected override Tensor Pool(Tensor input, Kernels.PoolGeometry geometry) => Tensor.AveragePool(input, geometry, countIncludePad: false);

    private protected override Tensor PoolAlong(Tensor input, int axis, int cells) => MeansAlong(input, axis, cells);
}
