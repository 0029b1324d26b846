namespace Glia.Layers;

/// <summary>ln softmax(x) over the last axis, computed stably: x − ln Σ eˣ, with derivative ∂yᵢ/∂xⱼ = δᵢⱼ − softmax(x)ⱼ; range (−∞, 0].</summary>
public sealed class LogSoftmax : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 0
        ? input
        : throw ShapeException.Of(Describe(), "at least one axis", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => input.Rank > 1
        ? input.LogSoftmax()
        : throw ShapeException.Of(Describe(), "(batch, …) with at least one more axis", $"input {input.Shape}");
}
