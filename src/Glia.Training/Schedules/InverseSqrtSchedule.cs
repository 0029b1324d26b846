namespace Glia.Training;

/// <summary>
/// baseRate / √modelSize · min(1 / √(t + 1), (t + 1) / warmupSteps^1.5): a line up, then down with the root of the step, as for Transformers
/// (Vaswani et al. 2017).
/// </summary>
/// <param name="baseRate">A factor; the paper's is 1.</param>
/// <param name="warmupSteps">The steps that go up.</param>
/// <param name="modelSize">The size of the model's vectors; 1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
public sealed class InverseSqrtSchedule(double baseRate, long warmupSteps, long modelSize = 1) : Schedule
{
    private readonly double _scale = NotNegative(baseRate, nameof(baseRate)) / Math.Sqrt(AtLeastOne(modelSize, nameof(modelSize)));
    private readonly double _slope = Math.Pow(AtLeastOne(warmupSteps, nameof(warmupSteps)), -1.5);

    /// <inheritdoc/>
    public override double Rate(long step) => _scale * Math.Min(1 / Math.Sqrt(step + 1), (step + 1) * _slope);
}
