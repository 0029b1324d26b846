namespace Glia.Training;

/// <summary>
/// The one-cycle policy (Smith and Topin 2018): up from maximumRate / divisor to maximumRate, which it reaches at step warmupShare·totalSteps − 1, then down to
/// maximumRate / divisor / finalDivisor at step totalSteps − 1, where it stays. With three phases it first goes down as it went up.
/// </summary>
public sealed class OneCycleSchedule : Schedule
{
    private readonly double[] _ends;
    private readonly double[] _rates;
    private readonly Annealing _annealing;

    /// <summary>Creates the schedule.</summary>
    /// <param name="maximumRate">The highest rate.</param>
    /// <param name="totalSteps">The number of steps of the whole training.</param>
    /// <param name="warmupShare">The share of the steps that go up, in [0, 1] (at most ½ with three phases); 0.3 by default.</param>
    /// <param name="divisor">How much smaller the first rate is than the highest; 25 by default.</param>
    /// <param name="finalDivisor">How much smaller the last rate is than the first; 10⁴ by default.</param>
    /// <param name="annealing">The way between; a cosine by default.</param>
    /// <param name="threePhase">Whether to go down to the first rate as fast as up, and only then to the last; false by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of range.</exception>
    public OneCycleSchedule(
        double maximumRate, long totalSteps, double warmupShare = 0.3, double divisor = 25, double finalDivisor = 1e4, Annealing annealing = Annealing.Cosine,
        bool threePhase = false)
    {
        NotNegative(maximumRate, nameof(maximumRate));
        AtLeastOne(totalSteps, nameof(totalSteps));
        Positive(divisor, nameof(divisor));
        Positive(finalDivisor, nameof(finalDivisor));
        if (!(warmupShare >= 0 && warmupShare <= (threePhase ? 0.5 : 1)))
            throw new ArgumentOutOfRangeException(nameof(warmupShare), warmupShare, threePhase ? "The share must be in [0, ½] with three phases." : "The share must be in [0, 1].");
        var (first, up) = (maximumRate / divisor, warmupShare * totalSteps);
        _annealing = annealing;
        _ends = threePhase ? [up - 1, (2 * up) - 2, totalSteps - 1] : [up - 1, totalSteps - 1];
        _rates = threePhase ? [first, maximumRate, first, first / finalDivisor] : [first, maximumRate, first / finalDivisor];
    }

    /// <inheritdoc/>
    public override double Rate(long step)
    {
        var phase = 0;
        while (phase < _ends.Length - 1 && step > _ends[phase])
            phase++;
        var start = phase == 0 ? 0 : _ends[phase - 1];
        var (from, to) = (_rates[phase], _rates[phase + 1]);
        var share = _ends[phase] > start ? Math.Clamp((step - start) / (_ends[phase] - start), 0, 1) : 1;
        return _annealing == Annealing.Cosine ? to + ((from - to) / 2 * (1 + Math.Cos(Math.PI * share))) : from + ((to - from) * share);
    }
}
