using System.Text.Json;

namespace Glia.Layers;

/// <summary>The mean of each window, per channel.</summary>
/// <param name="poolSize">The window's rows and columns.</param>
/// <param name="stride">Steps between windows; the window's size by default.</param>
/// <param name="padding">Zeros put around the input on each side; 0 by default, at most half the window.</param>
/// <param name="ceilMode">Whether the last window may hang over the edge; false by default.</param>
/// <param name="countIncludePad">Whether the zeros of the padding count as elements; true by default.</param>
public sealed class AvgPool2D(Size2D poolSize, Size2D? stride = null, Size2D padding = default, bool ceilMode = false, bool countIncludePad = true)
    : Pool2D(poolSize, stride, padding, ceilMode)
{
    /// <summary>Whether the zeros of the padding count as elements.</summary>
    public bool CountIncludePad { get; } = countIncludePad;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => Tensor.AveragePool(input, GeometryOf(input), CountIncludePad);

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        base.WriteConfig(writer);
        writer.WriteBoolean("countIncludePad", CountIncludePad);
    }
}
