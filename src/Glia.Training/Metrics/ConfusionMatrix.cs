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

    /// <summary>The counts, (actual, predicted) Int64.</summary>
    internal Tensor Counts => Tensor.From([.. _counts.Cast<long>()], (ClassCount, ClassCount));

    /// <summary>The matrix of counts.</summary>
    internal static ConfusionMatrix Of(Tensor counts)
    {
        var matrix = new ConfusionMatrix(counts.Shape[0]);
        Buffer.BlockCopy(counts.ToArray<long>(), 0, matrix._counts, 0, counts.Count * sizeof(long));
        return matrix;
    }

    /// <summary>Takes in one sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A class is out of range.</exception>
    public void Add(int actual, int predicted)
    {
        if ((uint)actual >= (uint)ClassCount)
            throw new ArgumentOutOfRangeException(nameof(actual), actual, $"A class must be from 0 to {ClassCount - 1}.");
        if ((uint)predicted >= (uint)ClassCount)
            throw new ArgumentOutOfRangeException(nameof(predicted), predicted, $"A class must be from 0 to {ClassCount - 1}.");
        _counts[actual, predicted]++;
    }

    /// <summary>Takes in a batch of outputs and class indices.</summary>
    /// <param name="prediction">The outputs.</param>
    /// <param name="target">The class indices.</param>
    /// <param name="classAxis">
    /// The axis of the classes, as of the loss: 1, or −1 for (batch, time, classes). By default it is told by the shapes, which cannot tell them apart when there
    /// are as many steps as classes.
    /// </param>
    /// <exception cref="ArgumentException">There is not one target per prediction, or a class is out of range.</exception>
    public void Update(Tensor prediction, Tensor target, int? classAxis = null)
    {
        var (predicted, actual) = Classes.Of(nameof(ConfusionMatrix), prediction, target, classAxis);
        for (var i = 0; i < actual.Length; i++)
            Add((int)long.Clamp(actual[i], -1, int.MaxValue), (int)predicted[i]);
    }

    /// <summary>Samples of a class.</summary>
    public long Support(int c) => Enumerable.Range(0, ClassCount).Sum(p => _counts[c, p]);

    /// <summary>Of those predicted as class c, the share that is c; 0 when none was.</summary>
    public double Precision(int c) => Share(_counts[c, c], Predicted(c));

    /// <summary>Of those that are class c, the share predicted as c; 0 when there are none.</summary>
    public double Recall(int c) => Share(_counts[c, c], Support(c));

    /// <summary>The harmonic mean of precision and recall; 0 when both are.</summary>
    public double F1(int c) => Precision(c) + Recall(c) == 0 ? 0 : 2 * Precision(c) * Recall(c) / (Precision(c) + Recall(c));

    /// <summary>The mean of the classes' F1, every class counting the same.</summary>
    public double MacroF1 => F1(Averaging.Macro);

    /// <summary>The precision of all classes together; NaN without samples.</summary>
    /// <exception cref="InvalidOperationException">Binary averaging of more than two classes.</exception>
    public double Precision(Averaging averaging) => Average(averaging, Precision);

    /// <summary>The recall of all classes together; NaN without samples.</summary>
    /// <exception cref="InvalidOperationException">Binary averaging of more than two classes.</exception>
    public double Recall(Averaging averaging) => Average(averaging, Recall);

    /// <summary>The F1 of all classes together; NaN without samples.</summary>
    /// <exception cref="InvalidOperationException">Binary averaging of more than two classes.</exception>
    public double F1(Averaging averaging) => Average(averaging, F1);

    private double Average(Averaging averaging, Func<int, double> score)
    {
        if (averaging == Averaging.Binary && ClassCount != 2)
            throw new InvalidOperationException($"Binary averaging is for 2 classes but there are {ClassCount}. Take Macro, Micro or Weighted.");
        if (Total == 0)
            return double.NaN;
        return averaging switch
        {
            Averaging.Macro => Enumerable.Range(0, ClassCount).Where(c => Support(c) > 0 || Predicted(c) > 0).Average(score),
            Averaging.Micro => Accuracy,
            Averaging.Weighted => Enumerable.Range(0, ClassCount).Sum(c => Support(c) * score(c)) / Total,
            _ => score(1),
        };
    }

    private long Predicted(int c) => Enumerable.Range(0, ClassCount).Sum(a => _counts[a, c]);

    private static double Share(long part, long whole) => whole == 0 ? 0 : part / (double)whole;
}
