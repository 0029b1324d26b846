using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// Each index becomes a row with 1 at its place and 0 elsewhere: input Int64 (batch, …) with values from 0 to classes − 1, output (batch, …, classes). A layer
/// without parameters; where the vectors are to be learned, take <see cref="Embedding"/>.
/// </summary>
public sealed class OneHot : Layer
{
    private readonly DType _dtype;

    /// <summary>Creates the layer.</summary>
    /// <param name="classes">The number of places, such as the size of a vocabulary.</param>
    /// <param name="dtype">The type of the output; Float32 by default.</param>
    /// <exception cref="ArgumentException">The number is not positive, or the type is not Float32 or Float64.</exception>
    public OneHot(int classes, DType dtype = DType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (!dtype.IsFloatingPoint())
            throw new ArgumentException($"OneHot expects an output type of Float32 or Float64 but got {dtype}.", nameof(dtype));
        (Classes, _dtype) = (classes, dtype);
    }

    /// <summary>The number of places.</summary>
    public int Classes { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => new([.. input.Sizes, Classes]);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return input.DType is DType.Int64 or DType.Int32
            ? Tensor.OneHot(input.To(DType.Int64), Classes, _dtype)
            : throw new ArgumentException($"{Describe()} expects Int64 indices but got {input.DType}. Convert them with To(DType.Int64).");
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WriteNumber("classes", Classes);
        if (_dtype == DType.Float64)
            writer.WriteString(LayerConfig.DTypeName, nameof(DType.Float64));
    }
}
