using Glia.Layers;

namespace Glia;

public sealed partial class Network
{
    /// <summary>(x − mean) / std with what is learned from the training samples; see <see cref="Layers.Normalization.Fit"/>.</summary>
    /// <param name="samples">The training samples as they reach this layer, (count, …).</param>
    /// <param name="axis">The axis that keeps numbers of its own: the last by default, for features; 1 for the channels of images.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Normalize(Tensor samples, int axis = -1, string? name = null) => Add(Normalization.Fit(samples, axis), name);

    /// <summary>(x − mean) / std with numbers of your own; see <see cref="Layers.Normalization"/>.</summary>
    /// <param name="mean">The mean, of a shape that repeats to that of a sample.</param>
    /// <param name="std">The standard deviation, of the same shape.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Normalize(Tensor mean, Tensor std, string? name = null) => Add(new Normalization(mean, std), name);

    /// <summary>
    /// x·std + mean with the targets' mean and deviation: the network computes standardised numbers and answers in the targets' units. Train it with
    /// <see cref="Loss.Standardized"/>.
    /// </summary>
    /// <param name="targets">The training targets, (count, …).</param>
    /// <param name="axis">The axis that keeps numbers of its own; the last by default.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Denormalize(Tensor targets, int axis = -1, string? name = null) => Add(Normalization.Fit(targets, axis, isInverse: true), name);

    /// <summary>x·std + mean with numbers of your own; see <see cref="Layers.Normalization"/>.</summary>
    /// <param name="mean">The mean, of a shape that repeats to that of a sample.</param>
    /// <param name="std">The standard deviation, of the same shape.</param>
    /// <param name="name">A name; made from the kind and a number when not given.</param>
    /// <exception cref="ShapeException">The layer does not fit what comes before it.</exception>
    public Network Denormalize(Tensor mean, Tensor std, string? name = null) => Add(new Normalization(mean, std, isInverse: true), name);

    /// <summary>
    /// The head of a regression: a dense layer with one unit per target, its activation, and the scale of the targets, so that the network answers in their
    /// units. Train it with <see cref="Loss.Standardized"/>, as in <c>Loss.MeanSquaredError.Standardized(model)</c>.
    /// </summary>
    /// <param name="targets">The training targets, (count, outputs).</param>
    /// <param name="range">Which numbers there are; any by default.</param>
    /// <exception cref="ShapeException">The targets are not rows of numbers, or the layers do not fit what comes before them.</exception>
    /// <exception cref="ArgumentException">The range is <see cref="RegressionRange.Positive"/> and a target is not above 0.</exception>
    public Network Regression(Tensor targets, RegressionRange range = RegressionRange.Any)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Rank != 2 || targets.Count == 0)
            throw ShapeException.Of(nameof(Regression), "targets (count, outputs)", $"{targets.Shape}", "Reshape plain numbers to (count, 1).");
        var (low, high) = (targets.Detach().Min([0]), targets.Detach().Max([0]));
        switch (range)
        {
            case RegressionRange.Any:
                return Dense(targets.Shape[1]).Denormalize(targets);
            case RegressionRange.Positive:
                if (!(low.Min().Item() > 0))
                    throw new ArgumentException($"A regression of positive numbers expects targets above 0, but the smallest is {low.Min().Item()}. Use RegressionRange.Any.");
                return Dense(targets.Shape[1]).Softplus().Denormalize(Tensor.Zeros(low.Shape, targets.DType), targets.Detach().Mean(0));
            case RegressionRange.Bounded:
                var distance = high - low;
                var one = Tensor.Ones(low.Shape, targets.DType);
                return Dense(targets.Shape[1]).Sigmoid().Denormalize(low, Tensor.Where(Tensor.Greater(distance, Tensor.Zeros(low.Shape, targets.DType)), distance, one));
            default:
                throw new ArgumentOutOfRangeException(nameof(range), range, "The range must be Any, Positive or Bounded.");
        }
    }
}
