using Glia.Layers;

namespace Glia.Losses;

/// <summary>
/// Another loss of (prediction − mean) / std and (target − mean) / std: the model answers in the user's units, while the size of the loss, and so of the
/// gradients, does not depend on them. Made with <see cref="Loss.Standardized"/>.
/// </summary>
internal sealed class StandardizedLoss(Loss loss, Normalization scale) : Loss(loss.Reduction)
{
    public override string Name => $"standardised {loss.Name}";

    public override bool SupportsSampleWeights => loss.SupportsSampleWeights;

    public override Tensor Compute(Tensor prediction, Tensor target) => loss.Compute(Scaled(prediction), Scaled(target));

    public override Tensor Compute(Tensor prediction, Tensor target, Tensor sampleWeights) => loss.Compute(Scaled(prediction), Scaled(target), sampleWeights);

    public override (Tensor Loss, double Weight) ComputeWithWeight(Tensor prediction, Tensor target, Tensor? sampleWeights) =>
        loss.ComputeWithWeight(Scaled(prediction), Scaled(target), sampleWeights);

    public override void CheckOutputLayer(Layer last) => loss.CheckOutputLayer(last);

    private Tensor Scaled(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return (x - scale.Mean.To(x.DType)) / scale.Std.To(x.DType);
    }
}
