namespace Glia.Training;

/// <summary>Always the same rate.</summary>
/// <param name="baseRate">The rate.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
public sealed class ConstantSchedule(double baseRate) : Schedule
{
    private readonly double _baseRate = NotNegative(baseRate, nameof(baseRate));

    /// <inheritdoc/>
    public override double Rate(long step) => _baseRate;
}
