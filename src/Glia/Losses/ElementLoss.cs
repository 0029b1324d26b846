namespace Glia.Losses;

/// <summary>A loss that is one number per element (or per sample), reduced afterwards.</summary>
public abstract class ElementLoss : Loss
{
    private protected ElementLoss(LossReduction reduction)
        : base(reduction)
    {
    }

    /// <inheritdoc/>
    public sealed override bool SupportsSampleWeights => true;

    /// <inheritdoc/>
    public sealed override Tensor Compute(Tensor prediction, Tensor target) => ComputeWithWeight(prediction, target, null).Loss;

    /// <inheritdoc/>
    public sealed override Tensor Compute(Tensor prediction, Tensor target, Tensor sampleWeights)
    {
        ArgumentNullException.ThrowIfNull(sampleWeights);
        return ComputeWithWeight(prediction, target, sampleWeights).Loss;
    }

    /// <inheritdoc/>
    public sealed override (Tensor Loss, double Weight) ComputeWithWeight(Tensor prediction, Tensor target, Tensor? sampleWeights)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        var (losses, weights) = Elements(prediction, target);
        if (sampleWeights is null)
            return Reduce(losses, weights);
        var perElement = PerElement(sampleWeights.To(losses.DType), losses.Shape);
        return Reduce(losses * perElement, weights is null ? perElement : weights * perElement);
    }

    /// <summary>
    /// The losses of the elements, and how much each of them counts in a mean (already multiplied into the losses); null when all count 1.
    /// </summary>
    private protected abstract (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target);

    /// <summary>(32, 1) against (32,) would broadcast to (32, 32) and train nonsense, so the shapes must be equal.</summary>
    private protected void RequireSameShape(Tensor prediction, Tensor target)
    {
        if (prediction.Shape != target.Shape)
            throw ShapeException.Of(Name, "prediction and target of one shape", $"{prediction.Shape} and {target.Shape}", "Reshape the target, for example to (batch, 1).");
    }

    private (Tensor Loss, double Weight) Reduce(Tensor losses, Tensor? weights)
    {
        if (Reduction == LossReduction.None)
            return (losses, losses.Count);
        if (Reduction == LossReduction.Sum)
            return (losses.Sum(), losses.Rank == 0 ? 1 : losses.Shape[0]);
        var sum = weights?.Sum();
        var weight = sum?.Item() ?? losses.Count;
        // Where nothing counts, the losses are all 0 and so is their mean.
        var mean = sum is null ? losses.Mean() : weight == 0 ? losses.Sum() : losses.Sum() / sum;
        return (Reduction == LossReduction.Mean || losses.Rank == 0 ? mean : mean * ((double)losses.Count / losses.Shape[0]), weight);
    }

    private Tensor PerElement(Tensor weights, Shape losses)
    {
        if (weights.Shape == losses)
            return weights;
        if (losses.Rank == 0 || weights.Shape != new Shape(losses[0]))
        {
            throw ShapeException.Of(
                Name, losses.Rank < 2 ? $"sample weights {losses}" : $"sample weights ({losses[0]},) or {losses}", $"{weights.Shape}", "Give one weight per sample.");
        }
        var column = new int[losses.Rank];
        Array.Fill(column, 1);
        column[0] = losses[0];
        return weights.Reshape(column).BroadcastTo(losses);
    }
}
