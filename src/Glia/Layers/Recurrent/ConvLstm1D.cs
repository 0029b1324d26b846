namespace Glia.Layers;

/// <summary>A convolutional LSTM over sequences of rows, (batch, time, channels, length); see <see cref="ConvLstm"/>.</summary>
public sealed class ConvLstm1D : ConvLstm
{
    /// <summary>Creates the layer.</summary>
    /// <param name="inChannels">The input's channels.</param>
    /// <param name="hiddenChannels">The channels of state and output.</param>
    /// <param name="kernelSize">The length of both kernels.</param>
    /// <param name="returnSequences">Whether every step's output is given rather than the last one's; false by default.</param>
    /// <param name="useBias">Whether b is there; true by default.</param>
    /// <param name="peepholes">The length of the rows, for gates that see the cell; none by default.</param>
    /// <param name="dtype">The type of the parameters; Float32 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public ConvLstm1D(int inChannels, int hiddenChannels, int kernelSize, bool returnSequences = false, bool useBias = true, int? peepholes = null, DType dtype = DType.Float32)
        : base((inChannels, hiddenChannels), [kernelSize], returnSequences, useBias, peepholes is { } length ? [length] : null, dtype)
    {
    }
}
