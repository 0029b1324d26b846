using Glia.Layers;

namespace Glia.Losses;

/// <summary>
/// Binary cross-entropy of predictions and targets 0 or 1 (or between) of the same shape: −p·y·ln σ(x) − (1 − y)·ln(1 − σ(x)) for logits x, stable for any
/// size, or −p·y·ln x − (1 − y)·ln(1 − x) for probabilities x, whose logarithms are taken as −100 at least. A model that gives logits must not
/// end in a sigmoid, since the loss applies it.
/// </summary>
public sealed class BinaryCrossEntropyLoss : ElementLoss
{
    private const double SmallestLog = -100;

    private readonly Tensor? _positiveWeight;

    /// <summary>Creates the loss.</summary>
    /// <param name="fromLogits">Whether the model gives logits (the default) rather than probabilities.</param>
    /// <param name="positiveWeight">p, a single number or one per output: how much targets of 1 count; 1 by default.</param>
    /// <param name="reduction">How the losses become one number; their mean by default.</param>
    public BinaryCrossEntropyLoss(bool fromLogits = true, Tensor? positiveWeight = null, LossReduction reduction = LossReduction.Mean)
        : base(reduction)
    {
        FromLogits = fromLogits;
        _positiveWeight = positiveWeight?.Clone();
    }

    /// <summary>Whether the model gives logits rather than probabilities.</summary>
    public bool FromLogits { get; }

    /// <inheritdoc/>
    public override string Name => "binary cross-entropy";

    /// <inheritdoc/>
    public override void CheckOutputLayer(Layer last)
    {
        if (FromLogits && last is Softmax or Sigmoid)
            throw new ArgumentException($"The model ends in {last.GetType().Name} '{last.Name}', but binary cross-entropy takes logits and applies sigmoid itself. Remove that layer; Predict and Sigmoid() give probabilities.");
    }

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        var positive = _positiveWeight is null ? target : target * _positiveWeight.To(target.DType);
        // −ln σ(x) = softplus(−x), −ln(1 − σ(x)) = softplus(x).
        var losses = FromLogits
            ? (positive * (-prediction).Softplus()) + ((1 - target) * prediction.Softplus())
            : -((positive * LogOf(prediction)) + ((1 - target) * LogOf(1 - prediction)));
        return losses.Shape == prediction.Shape
            ? (losses, null)
            : throw ShapeException.Of(Name, $"a positive weight that fits outputs {prediction.Shape}", $"{_positiveWeight!.Shape}");
    }

    private static Tensor LogOf(Tensor p)
    {
        using (Gradients.NoGrad())
        {
            if (p.Count > 0 && p.Min().Item() < 0)
                throw new ArgumentException("Binary cross-entropy of probabilities expects predictions in [0, 1] but got one outside. End the model in a sigmoid, or use the loss of logits.");
        }
        var floor = Tensor.Scalar(SmallestLog, p.DType, p.Device);
        var isTiny = Tensor.Greater(Tensor.Scalar(Math.Exp(SmallestLog), p.DType, p.Device), p);
        return Tensor.Where(isTiny, floor, Tensor.Where(isTiny, Tensor.Scalar(1, p.DType, p.Device), p).Log());
    }
}
