namespace Glia.Training;

/// <summary>baseRate·(1 − t / totalSteps)^power, and 0 from totalSteps on; a falling line for power 1.</summary>
/// <param name="baseRate">The rate at first.</param>
/// <param name="totalSteps">When the rate arrives at 0.</param>
/// <param name="power">1 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
public sealed class PolynomialSchedule(double baseRate, long totalSteps, double power = 1) : Schedule
{
    private readonly double _baseRate = NotNegative(baseRate, nameof(baseRate));
    private readonly long _totalSteps = AtLeastOne(totalSteps, nameof(totalSteps));
    private readonly double _power = Positive(power, nameof(power));

    /// <inheritdoc/>
    public override double Rate(long step) => _baseRate * Math.Pow(1 - (Math.Min(step, _totalSteps) / (double)_totalSteps), _power);
}
