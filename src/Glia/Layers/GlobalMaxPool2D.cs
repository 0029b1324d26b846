namespace Glia.Layers;

/// <summary>
/// The largest element of each channel: (batch, channels, rows, columns) becomes (batch, channels, 1, 1). The gradient goes to the first largest.
/// </summary>
public sealed class GlobalMaxPool2D() : GlobalPool(2)
{
    private protected override Tensor Reduce(Tensor input, int[] axes) => LargestOf(input);
}
