using Glia.Layers;

namespace Glia.Losses;

/// <summary>The mean of softplus(x) − x·y: −y·ln σ(x) − (1 − y)·ln(1 − σ(x)) without overflow.</summary>
internal sealed class BinaryCrossEntropyLoss : Loss
{
    public override string Name => "binary cross-entropy";

    public override Tensor Compute(Tensor prediction, Tensor target)
    {
        Same.Shapes(Name, prediction, target);
        return (prediction.Softplus() - (prediction * target)).Mean();
    }

    public override void CheckOutputLayer(Layer last)
    {
        if (last is Softmax or Sigmoid)
            throw new ArgumentException($"The model ends in {last.GetType().Name} '{last.Name}', but binary cross-entropy takes logits and applies sigmoid itself. Remove that layer; Predict and Sigmoid() give probabilities.");
    }
}
