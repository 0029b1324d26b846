namespace Glia.Training;

/// <summary>
/// Whether probabilities mean what they say: samples are put into bins by the confidence p of their prediction, and in each bin the share that is right should be the mean of p. The
/// expected calibration error is Σ |bin|/n · |accuracy − confidence| (Guo et al., <i>On calibration of modern neural networks</i>, 2017, arXiv 1706.04599).
/// </summary>
public sealed class CalibrationCurve
{
    private CalibrationCurve(IReadOnlyList<CalibrationBin> bins) => Bins = bins;

    /// <summary>Bins of equal width from 0 to 1; the first has its lower end too.</summary>
    public IReadOnlyList<CalibrationBin> Bins { get; }

    /// <summary>The number of samples.</summary>
    public long Count => Bins.Sum(b => b.Count);

    /// <summary>The mean distance of accuracy and confidence, each bin by its samples: 0 is perfect.</summary>
    public double ExpectedError => Bins.Where(b => b.Count > 0).Sum(b => b.Count * Math.Abs(b.Accuracy - b.Confidence)) / Count;

    /// <summary>The largest distance of accuracy and confidence in a bin.</summary>
    public double LargestError => Bins.Where(b => b.Count > 0).Max(b => Math.Abs(b.Accuracy - b.Confidence));

    /// <summary>The curve of predictions whose truth is known.</summary>
    /// <param name="confidences">The probability that each prediction gives itself, 0 to 1.</param>
    /// <param name="isRight">Whether each is right.</param>
    /// <param name="bins">The number of bins, at least 1; 10 by default.</param>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a confidence is not in [0, 1].</exception>
    public static CalibrationCurve Of(IReadOnlyList<double> confidences, IReadOnlyList<bool> isRight, int bins = 10)
    {
        ArgumentNullException.ThrowIfNull(confidences);
        ArgumentNullException.ThrowIfNull(isRight);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (confidences.Count != isRight.Count || confidences.Count == 0)
            throw new ArgumentException($"There are {confidences.Count} confidences and {isRight.Count} truths; give one of each for at least one sample.", nameof(isRight));
        var (count, right, sum) = (new long[bins], new long[bins], new double[bins]);
        for (var i = 0; i < confidences.Count; i++)
        {
            if (!(confidences[i] >= 0 && confidences[i] <= 1))
                throw new ArgumentException(FormattableString.Invariant($"A confidence is a probability from 0 to 1, but number {i} is {confidences[i]}."), nameof(confidences));
            var bin = Math.Clamp((int)Math.Ceiling(confidences[i] * bins) - 1, 0, bins - 1);
            count[bin]++;
            right[bin] += isRight[i] ? 1 : 0;
            sum[bin] += confidences[i];
        }
        return new([.. Enumerable.Range(0, bins).Select(b => new CalibrationBin(
            b / (double)bins, (b + 1) / (double)bins, count[b], sum[b] / count[b], right[b] / (double)count[b]))]);
    }
}

/// <summary>Samples whose confidence lies in one interval.</summary>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">Its upper end, which belongs to it.</param>
/// <param name="Count">How many samples.</param>
/// <param name="Confidence">Their mean confidence; NaN without samples.</param>
/// <param name="Accuracy">The share of them that is right; NaN without samples.</param>
public readonly record struct CalibrationBin(double Low, double High, long Count, double Confidence, double Accuracy);
