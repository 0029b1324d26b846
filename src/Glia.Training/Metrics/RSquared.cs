namespace Glia.Training;

/// <summary>
/// R² = 1 − Σ(prediction − target)² / Σ(target − mean)²: the share of the target's variance that is explained; range (−∞, 1]. NaN when the target is
/// constant.
/// </summary>
public sealed class RSquared : RegressionMetric
{
    /// <inheritdoc/>
    public override string Name => "r2";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Higher;

    /// <inheritdoc/>
    public override double Value => TargetSquares == 0 ? double.NaN : 1 - (SquaredError / TargetSquares);
}
