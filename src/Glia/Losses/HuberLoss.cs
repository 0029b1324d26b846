namespace Glia.Losses;

/// <summary>
/// With d = prediction − target: d²/2 where |d| ≤ δ, δ·(|d| − δ/2) beyond (Huber 1964): quadratic near the target, linear for outliers.
/// </summary>
public sealed class HuberLoss : ElementLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="delta">δ, where the parabola becomes a line; 1 by default.</param>
    /// <param name="reduction">How the elements become one number; their mean by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">δ is not a positive finite number.</exception>
    public HuberLoss(double delta = 1, LossReduction reduction = LossReduction.Mean)
        : base(reduction)
    {
        if (!(delta > 0 && double.IsFinite(delta)))
            throw new ArgumentOutOfRangeException(nameof(delta), delta, "δ must be a positive finite number.");
        Delta = delta;
    }

    /// <summary>δ.</summary>
    public double Delta { get; }

    /// <inheritdoc/>
    public override string Name => "Huber loss";

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        RequireSameShape(prediction, target);
        return (Of(prediction - target, Delta), null);
    }

    /// <summary>c·(d − c/2) with c = d held within ±δ is both branches in one.</summary>
    internal static Tensor Of(Tensor d, double delta)
    {
        var c = d.Clamp(-delta, delta);
        return c * (d - (c * 0.5));
    }
}
