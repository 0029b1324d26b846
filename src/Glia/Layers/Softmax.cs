namespace Glia.Layers;

/// <summary>
/// eˣ / Σ eˣ over the last axis: each row becomes positive and sums to 1, with derivative ∂yᵢ/∂xⱼ = yᵢ(δᵢⱼ − yⱼ); range (0, 1). The losses
/// of Glia take logits, so a model to be trained does not end in it.
/// </summary>
public sealed class Softmax : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 0 ? input : throw ShapeException.Of(Describe(), "an axis of classes", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        return input.Softmax();
    }
}
