namespace Glia.Losses;

/// <summary>
/// The Kullback–Leibler divergence target·(ln target − x) of log-probabilities x and probabilities of the same shape, 0 where the target is 0; with
/// logarithmic targets t, eᵗ·(t − x). Averaged over the batch by default, which is the divergence of the distributions.
/// </summary>
public sealed class KLDivergenceLoss : ElementLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="logTarget">Whether targets are log-probabilities too; false by default.</param>
    /// <param name="reduction">How the elements become one number; the sum per sample, averaged over the batch, by default.</param>
    public KLDivergenceLoss(bool logTarget = false, LossReduction reduction = LossReduction.BatchMean)
        : base(reduction) => LogTarget = logTarget;

    /// <summary>Whether targets are log-probabilities.</summary>
    public bool LogTarget { get; }

    /// <inheritdoc/>
    public override string Name => "KL divergence";

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        if (LogTarget)
            return (target.Exp() * (target - prediction), null);
        var zero = Tensor.Scalar(0, target.DType, target.Device);
        var isPositive = Tensor.Greater(target, zero);
        var safe = Tensor.Where(isPositive, target, Tensor.Scalar(1, target.DType, target.Device));
        return (Tensor.Where(isPositive, safe * (safe.Log() - prediction), zero), null);
    }
}
