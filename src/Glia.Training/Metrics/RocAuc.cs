namespace Glia.Training;

/// <summary>
/// The area under the receiver operating characteristic: how probably a sample of a class gets a higher score than one of another class, ties counting half;
/// 0.5 is chance, 1 perfect. It is computed exactly, from the ranks of all scores. For more than two classes it is the mean of each class against the
/// rest, with softmax as the score, over the classes that occur. NaN when only one class occurs.
/// </summary>
public sealed class RocAuc : Metric
{
    private readonly Averaging _averaging;
    private readonly List<double[]> _scores = [];
    private readonly List<int> _labels = [];

    /// <summary>Creates the metric.</summary>
    /// <param name="averaging">For more than two classes: every class counting the same (Macro, the default), or by its samples (Weighted).</param>
    /// <exception cref="ArgumentOutOfRangeException">The averaging is another.</exception>
    public RocAuc(Averaging averaging = Averaging.Macro)
    {
        if (averaging is not (Averaging.Macro or Averaging.Weighted))
            throw new ArgumentOutOfRangeException(nameof(averaging), averaging, "The averaging must be Macro or Weighted.");
        _averaging = averaging;
    }

    /// <inheritdoc/>
    public override string Name => "auc";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Higher;

    /// <inheritdoc/>
    public override double Value
    {
        get
        {
            if (_labels.Count == 0)
                return double.NaN;
            if (_scores[0].Length == 1)
                return AgainstRest(0, 1);
            var classes = Enumerable.Range(0, _scores[0].Length).Where(c => _labels.Contains(c)).ToArray();
            if (classes.Length == 1)
                return double.NaN;
            var weights = Array.ConvertAll(classes, c => _averaging == Averaging.Macro ? 1 : _labels.Count(l => l == c));
            return classes.Zip(weights, (c, w) => w * AgainstRest(c, c)).Sum() / weights.Sum();
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        _scores.Clear();
        _labels.Clear();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A target is not a class, or the number of classes has changed.</exception>
    public override void Update(Tensor prediction, Tensor target)
    {
        var scores = ClassScores.Of(nameof(RocAuc), prediction, target, classAxis: null);
        for (var i = 0; i < scores.Labels.Length; i++)
        {
            var score = Score(scores.Row(i));
            if (_scores.Count > 0 && _scores[0].Length != score.Length)
                throw new ArgumentException($"RocAuc has seen {_scores[0].Length} outputs per sample but got predictions {prediction.Shape}.");
            _scores.Add(score);
            _labels.Add((int)scores.Labels[i]);
        }
    }

    /// <inheritdoc/>
    public override bool SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("scores", [.. _scores.SelectMany(s => s)]);
        writer.Write("labels", [.. _labels.Select(l => (double)l)]);
        return true;
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Reset();
        _labels.AddRange(reader.ReadNumbers("labels").Select(l => (int)l));
        var scores = reader.ReadNumbers("scores");
        if (_labels.Count > 0)
            _scores.AddRange(scores.Chunk(scores.Count / _labels.Count));
    }

    /// <summary>One score for two classes, since the other's says the same; else the softmax.</summary>
    private static double[] Score(ReadOnlySpan<double> row)
    {
        if (row.Length <= 2)
            return [row.Length == 1 ? row[0] : row[1] - row[0]];
        var score = row.ToArray();
        var largest = score.Max();
        for (var c = 0; c < score.Length; c++)
            score[c] = Math.Exp(score[c] - largest);
        var sum = score.Sum();
        return Array.ConvertAll(score, s => s / sum);
    }

    /// <summary>From the ranks of the class's samples among all (Mann and Whitney 1947); equal scores share their mean rank.</summary>
    private double AgainstRest(int column, int label)
    {
        var order = Enumerable.Range(0, _labels.Count).OrderBy(i => _scores[i][column]).ToArray();
        if (double.IsNaN(_scores[order[0]][column]))
            return double.NaN;
        var (rankSum, positives) = (0.0, 0L);
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && _scores[order[end]][column] == _scores[order[start]][column])
                end++;
            var meanRank = (start + 1 + end) / 2.0;
            for (; start < end; start++)
            {
                if (_labels[order[start]] != label)
                    continue;
                rankSum += meanRank;
                positives++;
            }
        }
        var negatives = order.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (rankSum - (positives * (positives + 1) / 2.0)) / ((double)positives * negatives);
    }
}
