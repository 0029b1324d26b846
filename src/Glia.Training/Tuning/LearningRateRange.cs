namespace Glia.Training;

/// <summary>
/// What a range test found: the loss against the rate, and two suggestions by the smoothed losses s₀ … sₘ of the finite points, without the first tenth, in which the mean is
/// still rough, and, where the test ended early, without the last five, in which the loss has left its valley.
/// </summary>
public sealed class LearningRateRange
{
    private const int RoughPart = 10;
    private const int Tail = 5;
    private const int Fewest = 3;

    internal LearningRateRange(IReadOnlyList<LearningRatePoint> points, double? divergedAt)
    {
        (Points, DivergedAt) = (points, divergedAt);
        var finite = points.Where(p => double.IsFinite(p.Smoothed)).ToArray();
        var first = finite.Length / RoughPart;
        var last = finite.Length - (divergedAt is null ? 0 : Tail);
        if (last - first < Fewest)
            return;
        var part = finite[first..last];
        Valley = ValleyOf(part);
        Steepest = SteepestOf(part);
    }

    /// <summary>Rate, loss and smoothed loss of every step made, the one at which the loss diverged included.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>
    /// The rate in the middle of the longest valley: half-way along the longest run of falling losses, s at i₁ &lt; i₂ &lt; … with s falling from each to the next and others between
    /// passed over; it is taken to end at its last index and to have begun as many points before as it has losses (fastai's <c>valley</c>). Null where the loss never fell.
    /// </summary>
    public double? Valley { get; }

    /// <summary>The rate where the smoothed loss falls fastest: the i of the least (sᵢ₊₁ − sᵢ) / (ln rᵢ₊₁ − ln rᵢ) (fastai's <c>steep</c>). Null where the loss never fell.</summary>
    public double? Steepest { get; }

    /// <summary>The rate at which the test ended early, since the loss was not finite or the smoothed one 4 times its least; null where all steps were made.</summary>
    public double? DivergedAt { get; }

    private static double? ValleyOf(LearningRatePoint[] points)
    {
        var lengths = new int[points.Length];
        var end = 0;
        for (var i = 0; i < points.Length; i++)
        {
            lengths[i] = 1;
            for (var j = 0; j < i; j++)
            {
                if (points[i].Smoothed < points[j].Smoothed)
                    lengths[i] = Math.Max(lengths[i], lengths[j] + 1);
            }
            if (lengths[i] > lengths[end])
                end = i;
        }
        return lengths[end] < 2 ? null : points[end - (lengths[end] / 2)].Rate;
    }

    private static double? SteepestOf(LearningRatePoint[] points)
    {
        var (least, at) = (0.0, -1);
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var slope = (points[i + 1].Smoothed - points[i].Smoothed) / Math.Log(points[i + 1].Rate / points[i].Rate);
            if (slope < least)
                (least, at) = (slope, i);
        }
        return at < 0 ? null : points[at].Rate;
    }
}
