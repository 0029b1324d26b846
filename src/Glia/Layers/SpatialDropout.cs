using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// In training, sets whole channels of a sample to 0 with probability p and divides the others by 1 − p; in inference, does nothing
/// (Tompson et al. 2015). Neighbouring elements of an image are too alike for <see cref="Dropout"/> to hide anything. Input (batch, channels, …).
/// </summary>
public sealed class SpatialDropout : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="probability">The probability p of dropping a channel, from 0 up to but not including 1; 0.5 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1).</exception>
    public SpatialDropout(double probability = 0.5)
    {
        Dropout.RequireProbability(probability, nameof(SpatialDropout));
        Probability = probability;
    }

    /// <summary>The probability of dropping a channel.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input.Rank > 0 ? input : throw ShapeException.Of(Describe(), "(channels, …)", $"input {input}");

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        OutputShape(SampleOf(input));
        if (!context.IsTraining || Probability == 0)
            return input;
        var perChannel = new Shape([input.Shape[0], input.Shape[1], .. Enumerable.Repeat(1, input.Rank - 2)]);
        return input * Dropout.Mask(Probability, perChannel, input, context.RngFor(this));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => writer.WriteNumber("probability", Probability);
}
