namespace Glia.Losses;

/// <summary>A loss that is one number per element (or per sample), reduced afterwards.</summary>
public abstract class ElementLoss : Loss
{
    private protected ElementLoss(LossReduction reduction)
        : base(reduction)
    {
    }

    /// <inheritdoc/>
    public sealed override Tensor Compute(Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        var (losses, weights) = Elements(prediction, target);
        return Reduce(losses, weights);
    }

    /// <inheritdoc/>
    public sealed override Tensor Compute(Tensor prediction, Tensor target, Tensor sampleWeights)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(sampleWeights);
        var (losses, weights) = Elements(prediction, target);
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

    private Tensor Reduce(Tensor losses, Tensor? weights)
    {
        if (Reduction == LossReduction.None)
            return losses;
        if (Reduction == LossReduction.Sum)
            return losses.Sum();
        var mean = weights is null ? losses.Mean() : WeightedMean(losses.Sum(), weights.Sum());
        return Reduction == LossReduction.Mean || losses.Rank == 0 ? mean : mean * ((double)losses.Count / losses.Shape[0]);
    }

    /// <summary>Where nothing counts, the losses are all 0 and so is their mean.</summary>
    private static Tensor WeightedMean(Tensor sum, Tensor weight) => weight.Item() == 0 ? sum : sum / weight;

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
