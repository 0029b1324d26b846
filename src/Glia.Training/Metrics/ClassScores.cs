namespace Glia.Training;

/// <summary>The outputs of a classifier as rows, with a checked class index for each.</summary>
internal readonly ref struct ClassScores
{
    private readonly ReadOnlySpan<double> _scores;

    private ClassScores(ReadOnlySpan<double> scores, int columns, ReadOnlySpan<long> labels)
    {
        _scores = scores;
        Columns = columns;
        Labels = labels;
    }

    /// <summary>Outputs per row: 1 for a binary classifier with one output.</summary>
    public int Columns { get; }

    public int Classes => Math.Max(2, Columns);

    public ReadOnlySpan<long> Labels { get; }

    public ReadOnlySpan<double> Row(int i) => _scores.Slice(i * Columns, Columns);

    /// <exception cref="ArgumentException">There is not one target per row, or one is not a class.</exception>
    public static ClassScores Of(string metric, Tensor prediction, Tensor target, int? classAxis)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        var rows = Training.Classes.Rows(metric, prediction, target, classAxis);
        var scores = new ClassScores(rows.AsSpan<double>(), rows.Shape[1], target.To(DType.Int64).AsSpan<long>());
        if (scores.Labels.Length != rows.Shape[0])
            throw new ArgumentException($"{metric} expects one target per prediction but got {rows.Shape[0]} and {scores.Labels.Length}.");
        foreach (var label in scores.Labels)
        {
            if ((ulong)label >= (ulong)scores.Classes)
                throw new ArgumentException($"{metric} expects classes from 0 to {scores.Classes - 1} but got {label}.");
        }
        return scores;
    }
}
