namespace Glia.Training;

/// <summary>
/// The receiver operating characteristic: for each threshold on a score the share of the negatives at or above it (false positive rate) against the share of the positives (true positive
/// rate). Equal scores are passed in one step, so that the area under the curve, by trapezoids, is that of <see cref="RocAuc"/> (Fawcett, <i>An introduction to ROC analysis</i>, 2006).
/// </summary>
public sealed class RocCurve
{
    private RocCurve(double[] falsePositiveRates, double[] truePositiveRates, double[] thresholds, long positives, long negatives) =>
        (FalsePositiveRates, TruePositiveRates, Thresholds, Positives, Negatives) = (falsePositiveRates, truePositiveRates, thresholds, positives, negatives);

    /// <summary>From 0 to 1, rising.</summary>
    public IReadOnlyList<double> FalsePositiveRates { get; }

    /// <summary>From 0 to 1, rising.</summary>
    public IReadOnlyList<double> TruePositiveRates { get; }

    /// <summary>Falling from +∞, where nothing is taken for positive, to the lowest score.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>The samples of the class.</summary>
    public long Positives { get; }

    /// <summary>The samples of other classes.</summary>
    public long Negatives { get; }

    /// <summary>The area under the curve: 0.5 is chance, 1 perfect.</summary>
    public double Area
    {
        get
        {
            var area = 0.0;
            for (var i = 1; i < Thresholds.Count; i++)
                area += (FalsePositiveRates[i] - FalsePositiveRates[i - 1]) * (TruePositiveRates[i] + TruePositiveRates[i - 1]) / 2;
            return area;
        }
    }

    /// <summary>The curve of scores whose truth is known.</summary>
    /// <param name="scores">A score for each sample, the higher the more probably positive.</param>
    /// <param name="isPositive">Whether each sample is.</param>
    /// <exception cref="ArgumentException">The lists differ in length, a score is NaN, or there are no positives or no negatives.</exception>
    public static RocCurve Of(IReadOnlyList<double> scores, IReadOnlyList<bool> isPositive)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(isPositive);
        if (scores.Count != isPositive.Count)
            throw new ArgumentException($"There are {scores.Count} scores but {isPositive.Count} truths; give one for each.", nameof(isPositive));
        if (scores.Any(double.IsNaN))
            throw new ArgumentException("A score is NaN, which is neither above nor below a threshold.", nameof(scores));
        var positives = isPositive.LongCount(p => p);
        var negatives = scores.Count - positives;
        if (positives == 0 || negatives == 0)
            throw new ArgumentException($"A ROC curve needs positives and negatives, but there are {positives} and {negatives}.", nameof(isPositive));
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i])];
        var (x, y, thresholds) = (new List<double> { 0 }, new List<double> { 0 }, new List<double> { double.PositiveInfinity });
        var (truePositives, falsePositives) = (0L, 0L);
        for (var i = 0; i < order.Length; i++)
        {
            truePositives += isPositive[order[i]] ? 1 : 0;
            falsePositives += isPositive[order[i]] ? 0 : 1;
            if (i + 1 < order.Length && scores[order[i + 1]] == scores[order[i]])
                continue;
            x.Add(falsePositives / (double)negatives);
            y.Add(truePositives / (double)positives);
            thresholds.Add(scores[order[i]]);
        }
        return new([.. x], [.. y], [.. thresholds], positives, negatives);
    }
}
