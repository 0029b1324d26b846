namespace Glia.Layers;

/// <summary>The mean of each channel: (batch, channels, rows, columns) becomes (batch, channels, 1, 1).</summary>
public sealed class GlobalAvgPool2D : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank == 3
        ? (input[0], 1, 1)
        : throw ShapeException.Of(Describe(), "(channels, rows, columns)", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => input.Rank == 4
        ? input.Mean([2, 3], keepDims: true)
        : throw ShapeException.Of(Describe(), "(batch, channels, rows, columns)", $"input {input.Shape}");
}
