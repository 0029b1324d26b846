namespace Glia.Training;

/// <summary>
/// A cosine down from the base rate that starts anew after each period, every period <c>multiplier</c> times as long as the one before (SGDR, Loshchilov and
/// Hutter 2017).
/// </summary>
/// <param name="baseRate">The rate at the start of each period.</param>
/// <param name="period">The length of the first period.</param>
/// <param name="multiplier">How much longer each period is than the one before; 1 by default.</param>
/// <param name="minimum">The rate that the periods run down to; 0 by default.</param>
/// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
public sealed class CosineRestartsSchedule(double baseRate, long period, int multiplier = 1, double minimum = 0) : Schedule
{
    private readonly double _baseRate = NotNegative(baseRate, nameof(baseRate));
    private readonly long _period = AtLeastOne(period, nameof(period));
    private readonly long _multiplier = AtLeastOne(multiplier, nameof(multiplier));
    private readonly double _minimum = NotNegative(minimum, nameof(minimum));

    /// <inheritdoc/>
    public override double Rate(long step)
    {
        var (start, length) = (0L, _period);
        if (_multiplier == 1)
            start = step / length * length;
        while (step - start >= length)
        {
            start += length;
            length *= _multiplier;
        }
        return _minimum + ((_baseRate - _minimum) * (1 + Math.Cos(Math.PI * (step - start) / length)) / 2);
    }
}
