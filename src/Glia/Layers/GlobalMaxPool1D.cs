namespace Glia.Layers;

/// <summary>
/// The largest element of each channel: (batch, channels, length) becomes (batch, channels, 1). The gradient goes to the first largest.
/// </summary>
public sealed class GlobalMaxPool1D() : GlobalPool(1)
{
    private protected override Tensor Reduce(Tensor input, int[] axes) => LargestOf(input);
}
