namespace Glia.Training;

/// <summary>How often each true class was predicted as which; precision, recall and F1 follow from it.</summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;

    /// <summary>An empty matrix.</summary>
    /// <param name="classes">The number of classes, at least 2.</param>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        ClassCount = classes;
        _counts = new long[classes, classes];
    }

    /// <summary>The number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>How often class <paramref name="actual"/> was predicted as <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>The number of samples.</summary>
    public long Total => _counts.Cast<long>().Sum();

    /// <summary>The share of samples on the diagonal; NaN without samples.</summary>
    public double Accuracy => Enumerable.Range(0, ClassCount).Sum(c => _counts[c, c]) / (double)Total;

    /// <summary>Takes in one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A class is out of range.</exception>
    public void Add(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)actual, (uint)ClassCount, nameof(actual));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)predicted, (uint)ClassCount, nameof(predicted));
        _counts[actual, predicted]++;
    }

    /// <summary>Takes in a batch of outputs and class indices.</summary>
    public void Update(Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var predicted = Classes.Of(prediction);
        var actual = target.To(DType.Int64).AsSpan<long>();
        for (var i = 0; i < actual.Length; i++)
            Add((int)actual[i], (int)predicted.AsSpan<long>()[i]);
    }

    /// <summary>Samples of a class.</summary>
    public long Support(int c) => Enumerable.Range(0, ClassCount).Sum(p => _counts[c, p]);

    /// <summary>Of those predicted as class c, the share that is c; 0 when none was.</summary>
    public double Precision(int c) => Share(_counts[c, c], Enumerable.Range(0, ClassCount).Sum(a => _counts[a, c]));

    /// <summary>Of those that are class c, the share predicted as c; 0 when there are none.</summary>
    public double Recall(int c) => Share(_counts[c, c], Support(c));

    /// <summary>The harmonic mean of precision and recall; 0 when both are.</summary>
    public double F1(int c) => Precision(c) + Recall(c) == 0 ? 0 : 2 * Precision(c) * Recall(c) / (Precision(c) + Recall(c));

    /// <summary>The mean of the classes' F1, every class counting the same.</summary>
    public double MacroF1 => Enumerable.Range(0, ClassCount).Average(F1);

    private static double Share(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
