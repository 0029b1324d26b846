namespace Glia.Layers;

/// <summary>
/// The largest element of each window, per channel; padding counts as −∞, and the gradient goes to the first largest. Input (batch, channels,
/// length); each size of the output is ⌊(in + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1.
/// </summary>
public sealed class MaxPool1D : Pool
{
    /// <summary>Creates the layer.</summary>
    /// <param name="poolSize">The window's length.</param>
    /// <param name="stride">Steps between windows; the window's size by default.</param>
    /// <param name="padding">Elements put around the input; none by default, at most half the window.</param>
    /// <param name="ceilMode">Whether the last window may hang over the edge; false by default.</param>
    /// <param name="dilation">Steps between neighbouring elements of a window; 1 by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the padding exceeds half the window.</exception>
    public MaxPool1D(int poolSize, int? stride = null, Padding padding = default, bool ceilMode = false, int dilation = 1)
        : this(new Windows([poolSize], [stride ?? poolSize], padding, [dilation]), ceilMode)
    {
    }

    internal MaxPool1D(Windows windows, bool ceilMode)
        : base(windows, ceilMode)
    {
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Tensor.MaxPool(input, GeometryOf(input));
}
