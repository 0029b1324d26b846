namespace Glia.Layers;

/// <summary>
/// The largest element of each window, per channel; padding counts as −∞, and the gradient goes to the first largest. Input (batch, channels,
/// depth, rows, columns); each size of the output is ⌊(in + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1.
/// </summary>
public sealed class MaxPool3D : Pool
{
    /// <summary>Creates the layer.</summary>
    /// <param name="poolSize">The window's depth, rows and columns.</param>
    /// <param name="stride">Steps between windows; the window's size by default.</param>
    /// <param name="padding">Elements put around the input; none by default, at most half the window.</param>
    /// <param name="ceilMode">Whether the last window may hang over the edge; false by default.</param>
    /// <param name="dilation">Steps between neighbouring elements of a window; 1 by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the padding exceeds half the window.</exception>
    public MaxPool3D(Size3D poolSize, Size3D? stride = null, Padding padding = default, bool ceilMode = false, Size3D? dilation = null)
        : this(new Windows(poolSize.ToArray(), (stride ?? poolSize).ToArray(), padding, (dilation ?? 1).ToArray()), ceilMode)
    {
    }

    internal MaxPool3D(Windows windows, bool ceilMode)
        : base(windows, ceilMode)
    {
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Tensor.MaxPool(input, GeometryOf(input));
}
