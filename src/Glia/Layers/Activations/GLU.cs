namespace Glia.Layers;

/// <summary>
/// The gated linear unit a·sigmoid(b), with a and b the two halves of axis 1 (Dauphin et al. 2017): it halves that axis. With s = sigmoid(b), its
/// derivative is s for a and a·s·(1 − s) for b; range (−∞, ∞).
/// </summary>
public sealed class GLU : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 0 && input[0] % 2 == 0
        ? input.With(0, input[0] / 2)
        : throw ShapeException.Of(Describe(), "an even number of features or channels", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context) => input.Rank > 1
        ? input.GLU(1)
        : throw ShapeException.Of(Describe(), "(batch, features, …)", $"input {input.Shape}");
}
