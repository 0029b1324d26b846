using System.Text.Json;

namespace Glia.Layers;

/// <summary>
/// In training, sets each element to 0 with probability p and divides the others by 1 − p, so that the expected value stays; in inference,
/// does nothing (Srivastava et al. 2014).
/// </summary>
public sealed class Dropout : Layer
{
    /// <summary>Creates the layer.</summary>
    /// <param name="probability">The probability p of dropping an element, from 0 up to but not including 1; 0.5 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1).</exception>
    public Dropout(double probability = 0.5)
    {
        RequireProbability(probability);
        Probability = probability;
    }

    /// <summary>The probability of dropping an element.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input) => input;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input, ForwardContext context)
    {
        if (!context.IsTraining || Probability == 0)
            return input;
        return input * Mask(Probability, input.Shape, input, context.RngFor(this));
    }

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => writer.WriteNumber("probability", Probability);

    /// <summary>Refuses a probability that is not in [0, 1).</summary>
    internal static void RequireProbability(double probability, string layer = nameof(Dropout))
    {
        if (!(probability >= 0 && probability < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, $"{layer} expects a probability from 0 up to but not including 1.");
    }

    /// <summary>0 with the probability, 1 / (1 − p) elsewhere, of the type of another tensor.</summary>
    internal static Tensor Mask(double probability, Shape shape, Tensor like, Rng rng)
    {
        using var noGrad = Gradients.NoGrad();
        var draws = Tensor.Uniform(rng, shape, 0, 1, like.DType, like.Device);
        var threshold = Tensor.Scalar(probability, like.DType, like.Device);
        return Tensor.GreaterOrEqual(draws, threshold).To(like.DType) * (1 / (1 - probability));
    }
}
