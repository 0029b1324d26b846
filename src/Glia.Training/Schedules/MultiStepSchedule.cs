namespace Glia.Training;

/// <summary>baseRate·gamma^k, with k the number of milestones reached: a factor at chosen steps.</summary>
public sealed class MultiStepSchedule : Schedule
{
    private readonly double _baseRate;
    private readonly long[] _milestones;
    private readonly double _gamma;

    /// <summary>Creates the schedule.</summary>
    /// <param name="baseRate">The rate at first.</param>
    /// <param name="milestones">The steps from which on another factor applies, in any order; one named twice applies twice.</param>
    /// <param name="gamma">The factor; 0.1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public MultiStepSchedule(double baseRate, IEnumerable<long> milestones, double gamma = 0.1)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        _baseRate = NotNegative(baseRate, nameof(baseRate));
        _milestones = [.. milestones];
        _gamma = NotNegative(gamma, nameof(gamma));
    }

    /// <inheritdoc/>
    public override double Rate(long step) => _baseRate * Math.Pow(_gamma, _milestones.Count(m => m <= step));
}
