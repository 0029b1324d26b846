namespace Glia.Data;

/// <summary>Mean and standard deviation of numbers seen one at a time (Welford's recurrence).</summary>
internal struct RunningMoments
{
    private double _squares;

    public long Count { get; private set; }

    public double Mean { get; private set; }

    /// <summary>√(Σ(x − mean)² / n).</summary>
    public readonly double StandardDeviation => Count == 0 ? 0 : Math.Sqrt(_squares / Count);

    public void Add(double value)
    {
        Count++;
        var delta = value - Mean;
        Mean += delta / Count;
        _squares += delta * (value - Mean);
    }

    /// <summary>What to divide by to standardise: the standard deviation, or 1 for a constant.</summary>
    public readonly double Scale(Func<DataFormatException> tooLarge)
    {
        var deviation = StandardDeviation;
        if (!double.IsFinite(deviation) || !double.IsFinite(Mean))
            throw tooLarge();
        return deviation > 0 ? deviation : 1;
    }
}
