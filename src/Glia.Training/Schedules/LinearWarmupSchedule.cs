namespace Glia.Training;

/// <summary>
/// A factor that grows along a line from startFactor to endFactor over the first warmupSteps and then stays, times another schedule, which begins after
/// the warm-up: <c>new LinearWarmupSchedule(new CosineSchedule(0.1, 900), 100, startFactor: 0.01)</c>.
/// </summary>
public sealed class LinearWarmupSchedule : Schedule
{
    private readonly Schedule _schedule;
    private readonly long _warmupSteps;
    private readonly double _startFactor;
    private readonly double _endFactor;

    /// <summary>A warm-up before another schedule.</summary>
    /// <param name="schedule">What follows, from its step 0 on.</param>
    /// <param name="warmupSteps">The steps until the factor stays.</param>
    /// <param name="startFactor">The factor at step 0; ⅓ by default.</param>
    /// <param name="endFactor">The factor from warmupSteps on; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public LinearWarmupSchedule(Schedule schedule, long warmupSteps, double startFactor = 1 / 3.0, double endFactor = 1)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        _schedule = schedule;
        _warmupSteps = AtLeastOne(warmupSteps, nameof(warmupSteps));
        _startFactor = NotNegative(startFactor, nameof(startFactor));
        _endFactor = NotNegative(endFactor, nameof(endFactor));
    }

    /// <summary>A warm-up to a constant rate.</summary>
    /// <param name="baseRate">The rate that the factors multiply.</param>
    /// <param name="warmupSteps">The steps until the factor stays.</param>
    /// <param name="startFactor">The factor at step 0; ⅓ by default.</param>
    /// <param name="endFactor">The factor from warmupSteps on; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public LinearWarmupSchedule(double baseRate, long warmupSteps, double startFactor = 1 / 3.0, double endFactor = 1)
        : this(new ConstantSchedule(baseRate), warmupSteps, startFactor, endFactor)
    {
    }

    /// <inheritdoc/>
    public override double Rate(long step)
    {
        var share = Math.Min(step, _warmupSteps) / (double)_warmupSteps;
        return (_startFactor + ((_endFactor - _startFactor) * share)) * _schedule.Rate(Math.Max(0, step - _warmupSteps));
    }
}
