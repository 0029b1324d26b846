namespace Glia.Training;

/// <summary>Σ weight·value / Σ weight, of the losses of batches.</summary>
internal struct WeightedMean
{
    /// <summary>The number of values.</summary>
    public int Count { get; private set; }

    /// <summary>Σ weight·value.</summary>
    public double Sum { get; private set; }

    /// <summary>Σ weight.</summary>
    public double Weight { get; private set; }

    /// <summary>The mean: 0 where no weight is left, NaN where there was nothing.</summary>
    public readonly double Value => Count == 0 ? double.NaN : Weight == 0 ? 0 : Sum / Weight;

    /// <summary>A mean as it was.</summary>
    public static WeightedMean Of(int count, double sum, double weight) => new() { Count = count, Sum = sum, Weight = weight };

    public void Add(double value, double weight)
    {
        Count++;
        Sum += weight * value;
        Weight += weight;
    }
}
