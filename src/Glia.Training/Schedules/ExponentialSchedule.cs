namespace Glia.Training;

/// <summary>baseRate·gammaᵗ: a factor at every step.</summary>
/// <param name="baseRate">The rate at first.</param>
/// <param name="gamma">The factor.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
public sealed class ExponentialSchedule(double baseRate, double gamma) : Schedule
{
    private readonly double _baseRate = NotNegative(baseRate, nameof(baseRate));
    private readonly double _gamma = NotNegative(gamma, nameof(gamma));

    /// <inheritdoc/>
    public override double Rate(long step) => _baseRate * Math.Pow(_gamma, step);
}
