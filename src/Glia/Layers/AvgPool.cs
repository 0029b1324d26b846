using System.Text.Json;

namespace Glia.Layers;

/// <summary>What average pooling along one, two and three axes has in common: the mean of each window, per channel.</summary>
public abstract class AvgPool : Pool
{
    private protected AvgPool(Windows windows, bool ceilMode, bool countIncludePad)
        : base(windows, ceilMode) => CountIncludePad = countIncludePad;

    /// <summary>Whether the zeros of the padding count as elements.</summary>
    public bool CountIncludePad { get; }

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor input, ForwardContext context) => Tensor.AveragePool(input, GeometryOf(input), CountIncludePad);

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        base.WriteConfig(writer);
        writer.WriteBoolean("countIncludePad", CountIncludePad);
    }
}
