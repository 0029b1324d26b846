namespace Glia.Layers;

/// <summary>The largest element of each window, per channel; padding counts as −∞, and the gradient goes to the first largest.</summary>
/// <param name="poolSize">The window's rows and columns.</param>
/// <param name="stride">Steps between windows; the window's size by default.</param>
/// <param name="padding">Elements put around the input on each side; 0 by default, at most half the window.</param>
/// <param name="ceilMode">Whether the last window may hang over the edge; false by default.</param>
public sealed class MaxPool2D(Size2D poolSize, Size2D? stride = null, Size2D padding = default, bool ceilMode = false)
    : Pool2D(poolSize, stride, padding, ceilMode)
{
    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Tensor.MaxPool(input, GeometryOf(input));
}
