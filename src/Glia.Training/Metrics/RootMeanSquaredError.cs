namespace Glia.Training;

/// <summary>√(mean of (prediction − target)²), in the target's units; range [0, ∞).</summary>
public sealed class RootMeanSquaredError : RegressionMetric
{
    /// <inheritdoc/>
    public override string Name => "rmse";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Lower;

    /// <inheritdoc/>
    public override double Value => Count == 0 ? double.NaN : Math.Sqrt(SquaredError / Count);
}
