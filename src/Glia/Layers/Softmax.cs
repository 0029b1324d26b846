namespace Glia.Layers;

/// <summary>
/// eˣ / Σ eˣ over the last axis: each row becomes positive and sums to 1. The losses of Glia take logits, so a model to be trained does
/// not end in it.
/// </summary>
public sealed class Softmax : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => input.Softmax();
}
