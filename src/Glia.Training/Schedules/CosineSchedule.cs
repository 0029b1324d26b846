namespace Glia.Training;

/// <summary>
/// minimum + (baseRate − minimum)·(1 + cos(π·t / period)) / 2: half a cosine wave down (Loshchilov and Hutter 2017), and up again should training
/// go on after the period.
/// </summary>
/// <param name="baseRate">The rate at first.</param>
/// <param name="period">When the rate arrives at its minimum.</param>
/// <param name="minimum">The smallest rate; 0 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
public sealed class CosineSchedule(double baseRate, long period, double minimum = 0) : Schedule
{
    private readonly double _baseRate = NotNegative(baseRate, nameof(baseRate));
    private readonly long _period = AtLeastOne(period, nameof(period));
    private readonly double _minimum = NotNegative(minimum, nameof(minimum));

    /// <inheritdoc/>
    public override double Rate(long step) => _minimum + ((_baseRate - _minimum) * (1 + Math.Cos(Math.PI * step / _period)) / 2);
}
