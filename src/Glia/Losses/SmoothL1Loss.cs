namespace Glia.Losses;

/// <summary>
/// With d = prediction − target: d²/(2β) where |d| ≤ β, |d| − β/2 beyond (Girshick 2015): <see cref="HuberLoss"/> with δ = β, divided by β. For
/// β = 0 it is |d|.
/// </summary>
public sealed class SmoothL1Loss : ElementLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="beta">β, where the parabola becomes a line; 1 by default.</param>
    /// <param name="reduction">How the elements become one number; their mean by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">β is not 0 or a positive finite number.</exception>
    public SmoothL1Loss(double beta = 1, LossReduction reduction = LossReduction.Mean)
        : base(reduction)
    {
        if (!(beta >= 0 && double.IsFinite(beta)))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, "β must be 0 or a positive finite number.");
        Beta = beta;
    }

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public override string Name => "smooth L1 loss";

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        var d = prediction - target;
        return (Beta == 0 ? d.Abs() : HuberLoss.Of(d, Beta) / Beta, null);
    }
}
