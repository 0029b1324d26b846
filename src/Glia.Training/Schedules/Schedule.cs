using System.Globalization;

namespace Glia.Training;

/// <summary>
/// A learning rate as a function of time: a pure function of the step (or epoch), counted from 0, so that it needs no memory and resumes anywhere.
/// <see cref="LearningRateScheduler"/> applies it while training.
/// </summary>
public abstract class Schedule
{
    /// <summary>The rate to use at a step (or epoch), counted from 0.</summary>
    public abstract double Rate(long step);

    /// <summary>A schedule of your own.</summary>
    /// <param name="function">The rate to use at a step, counted from 0.</param>
    public static Schedule From(Func<long, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new CustomSchedule(function);
    }

    private protected static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or a positive finite number.");

    private protected static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a positive finite number.");

    private protected static long AtLeastOne(long value, string name) => value >= 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be at least 1."));

    private sealed class CustomSchedule(Func<long, double> function) : Schedule
    {
        public override double Rate(long step) => function(step);
    }
}
