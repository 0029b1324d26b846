using System.Text.Json;

namespace Glia.Layers;

/// <summary>A module that states its output shape before anything runs, and that can be part of a <see cref="Network"/> and its file.</summary>
public abstract class Layer : Module
{
    /// <summary>The shape of one sample's output for the shape of one sample's input (without the batch axis).</summary>
    /// <exception cref="ShapeException">The layer cannot take such an input.</exception>
    public abstract Shape OutputShape(Shape input);

    /// <summary>Writes the settings that <see cref="LayerCatalog"/> needs to make the layer again.</summary>
    protected internal virtual void WriteConfig(Utf8JsonWriter writer)
    {
    }

    /// <summary>Says whether the activation that follows is a rectifier, so that initial weights can suit it.</summary>
    internal virtual void FollowedBy(Activation? activation)
    {
    }

    /// <summary>The layers right inside this one, and the shape of the samples that each gets; a container overrides it.</summary>
    internal virtual IEnumerable<(Layer Layer, Shape Input)> Inner(Shape input) => [];

    /// <summary>The sample's shape of a batch.</summary>
    private protected Shape SampleOf(Tensor batch) => batch.Rank > 0 ? batch.Shape.From(1) : throw ShapeException.Of(Describe(), "a batch", "a single number");
}
