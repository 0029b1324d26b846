namespace Glia.Layers;

/// <summary>A convolutional LSTM over sequences of images, (batch, time, channels, rows, columns); see <see cref="ConvLstm"/>.</summary>
public sealed class ConvLstm2D : ConvLstm
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="hiddenChannels">The channels of state and output.</param>
    /// <param name="kernelSize">The rows and columns of both kernels.</param>
    /// <param name="returnSequences">Whether every step's output is given rather than the last one's; false by default.</param>
    /// <param name="useBias">Whether b is there; true by default.</param>
    /// <param name="peepholes">The rows and columns of the images, for gates that see the cell; none by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public ConvLstm2D(int inChannels, int hiddenChannels, Size2D kernelSize, bool returnSequences = false, bool useBias = true, Size2D? peepholes = null, DType dtype = DType.Float32)
        : base((inChannels, hiddenChannels), kernelSize.ToArray(), returnSequences, useBias, peepholes?.ToArray(), dtype)
    {
    }
}
