using Glia.Layers;

namespace Glia.Losses;

/// <summary>The mean of −ln softmax(logits)[target].</summary>
internal sealed class CrossEntropyLoss : Loss
{
    public override string Name => "cross-entropy";

    public override Tensor Compute(Tensor prediction, Tensor target) => Tensor.SoftmaxCrossEntropy(prediction, target).Mean();

    public override void CheckOutputLayer(Layer last)
    {
        if (last is Softmax or Sigmoid)
            throw new ArgumentException($"The model ends in {last.GetType().Name} '{last.Name}', but cross-entropy takes logits and applies softmax itself. Remove that layer; Predict and Softmax() give probabilities.");
    }
}
