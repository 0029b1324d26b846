namespace Glia.Losses;

/// <summary>
/// max(0, margin − target·prediction) for scores and targets −1 or 1 of the same shape, as in a support vector machine; 0 for samples on the
/// right side by the margin.
/// </summary>
public sealed class HingeLoss : ElementLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="margin">The score from which on a sample costs nothing; 1 by default.</param>
    /// <param name="reduction">How the elements become one number; their mean by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The margin is not a finite number.</exception>
    public HingeLoss(double margin = 1, LossReduction reduction = LossReduction.Mean)
        : base(reduction)
    {
        if (!double.IsFinite(margin))
            throw new ArgumentOutOfRangeException(nameof(margin), margin, "The margin must be a finite number.");
        Margin = margin;
    }

    /// <summary>The score from which on a sample costs nothing.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public override string Name => "hinge loss";

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        for (var i = 0; i < target.Count; i++)
        {
            if (target.GetFlat(i) is not (1 or -1))
                throw new ArgumentException(FormattableString.Invariant($"The {Name} expects targets −1 or 1 but target {i} is {target.GetFlat(i)}. Turn 0 and 1 into 2·y − 1."));
        }
        return ((Margin - (prediction * target)).ReLU(), null);
    }
}
