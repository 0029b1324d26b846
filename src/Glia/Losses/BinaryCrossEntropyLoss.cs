using Glia.Layers;

namespace Glia.Losses;

/// <summary>The mean of (1 − y)·softplus(x) + y·softplus(−x): −y·ln σ(x) − (1 − y)·ln(1 − σ(x)) without overflow or cancellation.</summary>
internal sealed class BinaryCrossEntropyLoss : Loss
{
    public override string Name => "binary cross-entropy";

    public override Tensor Compute(Tensor prediction, Tensor target)
    {
        Same.Shapes(Name, prediction, target);
        return (((1 - target) * prediction.Softplus()) + (target * (-prediction).Softplus())).Mean();
    }

    public override void CheckOutputLayer(Layer last)
    {
        if (last is Softmax or Sigmoid)
            throw new ArgumentException($"The model ends in {last.GetType().Name} '{last.Name}', but binary cross-entropy takes logits and applies sigmoid itself. Remove that layer; Predict and Sigmoid() give probabilities.");
    }
}
