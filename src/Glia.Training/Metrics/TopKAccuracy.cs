namespace Glia.Training;

/// <summary>The share of samples whose class is among the k largest outputs; range [0, 1]. Among equal outputs the first counts as the larger.</summary>
public sealed class TopKAccuracy : Metric
{
    private readonly int? _classAxis;
    private long _correct;
    private long _count;

    /// <summary>Creates the metric.</summary>
    /// <param name="k">How many outputs count; 5 by default.</param>
    /// <param name="classAxis">
    /// The axis of the classes, as of the loss: 1, or −1 for (batch, time, classes). By default it is told by the shapes, which cannot tell them apart when there
    /// are as many steps as classes.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">k is not positive.</exception>
    public TopKAccuracy(int k = 5, int? classAxis = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(k);
        (K, _classAxis) = (k, classAxis);
    }

    /// <summary>How many outputs count.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public override string Name => $"top{K}";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Higher;

    /// <inheritdoc/>
    public override double Value => _count == 0 ? double.NaN : _correct / (double)_count;

    /// <inheritdoc/>
    public override void Reset() => (_correct, _count) = (0, 0);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are fewer than k classes, or a target is none of them.</exception>
    public override void Update(Tensor prediction, Tensor target)
    {
        var scores = ClassScores.Of(nameof(TopKAccuracy), prediction, target, _classAxis);
        if (scores.Classes < K)
            throw new ArgumentException($"TopKAccuracy expects at least {K} classes but got predictions {prediction.Shape}. Choose a smaller k.");
        for (var i = 0; i < scores.Labels.Length; i++)
            _correct += Rank(scores.Row(i), (int)scores.Labels[i]) < K ? 1 : 0;
        _count += scores.Labels.Length;
    }

    /// <inheritdoc/>
    public override bool SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("correct", _correct);
        writer.Write("count", _count);
        return true;
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _correct = reader.ReadInteger("correct");
        _count = reader.ReadInteger("count");
    }

    /// <summary>How many outputs come before that of a class; a NaN comes after all.</summary>
    private static int Rank(ReadOnlySpan<double> row, int label)
    {
        if (double.IsNaN(row[label]))
            return row.Length;
        var before = 0;
        for (var c = 0; c < row.Length; c++)
            before += row[c] > row[label] || (row[c] == row[label] && c < label) ? 1 : 0;
        return before;
    }
}
