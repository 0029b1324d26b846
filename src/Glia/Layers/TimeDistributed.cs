using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// Applies one layer to every time step by itself, with the same weights: (batch, time, …) becomes (batch·time, …), goes through the layer, and becomes
/// (batch, time, …) again; such as a convolution for each image of a film. Written with <see cref="Glia.Network.TimeDistributed"/>.
/// </summary>
public sealed class TimeDistributed : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="layer">What each step goes through; several layers as a <see cref="SequentialNetwork"/>.</param>
    public TimeDistributed(Layer layer) => Layer = Add("layer", layer);

    /// <summary>What each step goes through.</summary>
    public Layer Layer { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        if (input.Rank == 0)
            throw ShapeException.Of(Describe(), "(time, …)", $"input {input}");
        var step = input.From(1);
        if (Layer is SequentialNetwork network && network.InputShape != step)
            throw ShapeException.Of(Describe(), $"steps of shape {network.InputShape}", $"input {input}");
        return Layer.OutputShape(step).Prepend(input[0]);
    }

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        var output = OutputShape(SampleOf(input));
        var (batch, time) = (input.Shape[0], input.Shape[1]);
        // What was a step is a sample inside, and has no time axis for the lengths to speak of.
        var inner = context.WithoutLengths();
        var steps = inner.Gather(Layer, Layer.Forward(input.Reshape(input.Shape.From(2).Prepend(batch * time)), inner));
        return steps.Reshape(output.Prepend(batch));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer)
    {
        writer.WritePropertyName("layer");
        LayerCatalog.Write(writer, Layer);
    }

    internal override IEnumerable<(Layer Layer, Shape Input)> Inner(Shape input) => [(Layer, input.From(1))];

    internal override void FollowedBy(Activation? activation) => Layer.FollowedBy(activation);
}
