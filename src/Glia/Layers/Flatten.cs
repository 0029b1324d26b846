namespace Glia.Layers;

/// <summary>Lays out each sample as one row: (batch, …) becomes (batch, features). The first axis is kept.</summary>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Count;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var features = SampleOf(input).Count;
        return input.Reshape(input.Shape[0], features);
    }
}
