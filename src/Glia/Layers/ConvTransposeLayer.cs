using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// What transposed convolutions of one, two and three axes have in common: the gradient of a convolution with respect to its input, used as a
/// layer that enlarges.
/// </summary>
public abstract class ConvTransposeLayer : ConvLayer
{
    private readonly int[] _outputPadding;

    private protected ConvTransposeLayer(int inChannels, int filters, ConvSettings settings, int[] outputPadding, DType dtype)
        : base(inChannels, filters, settings, dtype, isTransposed: true)
    {
        _outputPadding = outputPadding;
        Transposition.Validate(GetType().Name, settings.Windows, outputPadding);
    }

    /// <summary>How much larger the output is made on its far side, along each axis.</summary>
    public IReadOnlyList<int> OutputPadding => _outputPadding;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        base.WriteConfig(writer);
        Windows.Write(writer, "outputPadding", _outputPadding);
    }

    private protected override int[] OutputSizes(ReadOnlySpan<int> sizes) => Transposition.Out(Settings.Windows, _outputPadding, sizes);

    private protected override Tensor Convolve(Tensor input, ActivationFunction? activation)
    {
        var y = Tensor.ConvolveTransposed(GetType().Name, input, Weight, Bias, Settings, _outputPadding);
        return activation is null ? y : activation.Apply(y);
    }
}
