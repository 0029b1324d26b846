namespace Glia.Training;

/// <summary>The mean of |prediction − target|, in the target's units; range [0, ∞).</summary>
public sealed class MeanAbsoluteError : RegressionMetric
{
    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Lower;

    /// <inheritdoc/>
    public override double Value => Count == 0 ? double.NaN : AbsoluteError / Count;
}
