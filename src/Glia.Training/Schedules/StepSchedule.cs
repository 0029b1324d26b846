namespace Glia.Training;

/// <summary>baseRate·gamma^⌊t / stepSize⌋: a factor every so many steps.</summary>
/// <param name="baseRate">The rate at first.</param>
/// <param name="stepSize">Steps between two factors.</param>
/// <param name="gamma">The factor; 0.1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
public sealed class StepSchedule(double baseRate, long stepSize, double gamma = 0.1) : Schedule
{
    private readonly double _baseRate = NotNegative(baseRate, nameof(baseRate));
    private readonly long _stepSize = AtLeastOne(stepSize, nameof(stepSize));
    private readonly double _gamma = NotNegative(gamma, nameof(gamma));

    /// <inheritdoc/>
    public override double Rate(long step) => _baseRate * Math.Pow(_gamma, step / _stepSize);
}
