namespace Glia.Training;

/// <summary>The mean of (prediction − target)², in the square of the target's units; range [0, ∞).</summary>
public sealed class MeanSquaredError : RegressionMetric
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Lower;

    /// <inheritdoc/>
    public override double Value => Count == 0 ? double.NaN : SquaredError / Count;
}
