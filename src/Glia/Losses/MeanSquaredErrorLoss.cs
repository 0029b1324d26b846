namespace Glia.Losses;

/// <summary>(prediction − target)², for regression; its mean is the mean squared error.</summary>
/// <param name="reduction">How the elements become one number; their mean by default.</param>
public sealed class MeanSquaredErrorLoss(LossReduction reduction = LossReduction.Mean) : ElementLoss(reduction)
{
    /// <inheritdoc/>
    public override string Name => "mean squared error";

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        return ((prediction - target).Square(), null);
    }
}
