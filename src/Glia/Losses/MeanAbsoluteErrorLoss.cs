namespace Glia.Losses;

/// <summary>|prediction − target| (the L1 loss), for regression with outliers; the gradient at 0 is 0.</summary>
/// <param name="reduction">How the elements become one number; their mean by default.</param>
public sealed class MeanAbsoluteErrorLoss(LossReduction reduction = LossReduction.Mean) : ElementLoss(reduction)
{
    /// <inheritdoc/>
    public override string Name => "mean absolute error";

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        return ((prediction - target).Abs(), null);
    }
}
