namespace Glia.Layers;

/// <summary>
/// The mean of each window, per channel. Input (batch, channels, length); each size of the output is
/// ⌊(in + 2·padding − window) / stride⌋ + 1.
/// </summary>
public sealed class AvgPool1D : AvgPool
{
    /// <summary>Creates the layer.</summary>
    /// <param name="poolSize">The window's length.</param>
    /// <param name="stride">Steps between windows; the window's size by default.</param>
    /// <param name="padding">Zeros put around the input; none by default, at most half the window.</param>
    /// <param name="ceilMode">Whether the last window may hang over the edge; false by default.</param>
    /// <param name="countIncludePad">Whether the zeros of the padding count as elements; true by default.</param>
    /// <exception cref="ArgumentException">A size is not positive, or the padding exceeds half the window.</exception>
    public AvgPool1D(int poolSize, int? stride = null, Padding padding = default, bool ceilMode = false, bool countIncludePad = true)
        : this(new Windows([poolSize], [stride ?? poolSize], padding, [1]), ceilMode, countIncludePad)
    {
    }

    internal AvgPool1D(Windows windows, bool ceilMode, bool countIncludePad)
        : base(windows, ceilMode, countIncludePad)
    {
    }
}
