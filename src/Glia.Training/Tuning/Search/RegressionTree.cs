namespace Glia.Training.Tuning;

/// <summary>A regression tree over the unit cube, each leaf a box with the mean of the samples in it, so that means over parts of the cube are exact.</summary>
internal sealed class RegressionTree
{
    private const int FewestInLeaf = 2;

    private readonly List<(double[] Low, double[] High, double Value)> _leaves = [];
    private readonly double _mean;

    private RegressionTree(double[][] positions, double[] scores, int[] sample)
    {
        var dimensions = positions[0].Length;
        Split(positions, scores, sample, new double[dimensions], [.. Enumerable.Repeat(1.0, dimensions)]);
        _mean = _leaves.Sum(leaf => Volume(leaf.Low, leaf.High, except: -1) * leaf.Value);
        Variance = _leaves.Sum(leaf => Volume(leaf.Low, leaf.High, except: -1) * (leaf.Value - _mean) * (leaf.Value - _mean));
    }

    /// <summary>The variance of the tree's value over the cube.</summary>
    public double Variance { get; }

    /// <summary>Splits where that makes the squared errors least, until leaves are small or all alike.</summary>
    public static RegressionTree Grow(double[][] positions, double[] scores, int[] sample) => new(positions, scores, sample);

    /// <summary>The variance of the tree's mean over all other dimensions, as a function of this one.</summary>
    public double VarianceAlong(int dimension)
    {
        double[] ends = [.. _leaves.SelectMany(leaf => new[] { leaf.Low[dimension], leaf.High[dimension] }).Distinct().Order()];
        var variance = 0.0;
        for (var i = 0; i + 1 < ends.Length; i++)
        {
            var middle = (ends[i] + ends[i + 1]) / 2;
            var mean = _leaves.Where(leaf => leaf.Low[dimension] < middle && middle < leaf.High[dimension])
                .Sum(leaf => Volume(leaf.Low, leaf.High, dimension) * leaf.Value);
            variance += (ends[i + 1] - ends[i]) * (mean - _mean) * (mean - _mean);
        }
        return variance;
    }

    private void Split(double[][] positions, double[] scores, int[] sample, double[] low, double[] high)
    {
        if (Best(positions, scores, sample) is not var (dimension, threshold))
        {
            _leaves.Add((low, high, sample.Average(i => scores[i])));
            return;
        }
        Split(positions, scores, [.. sample.Where(i => positions[i][dimension] < threshold)], low, With(high, dimension, threshold));
        Split(positions, scores, [.. sample.Where(i => positions[i][dimension] >= threshold)], With(low, dimension, threshold), high);
    }

    private static (int Dimension, double Threshold)? Best(double[][] positions, double[] scores, int[] sample)
    {
        var total = sample.Sum(i => scores[i]);
        (int, double)? best = null;
        // Squared errors fall by as much as Σ sum² / count grows; what rounding makes of nothing does not count.
        var most = (total * total / sample.Length) + (1e-12 * sample.Sum(i => scores[i] * scores[i]));
        for (var d = 0; d < positions[0].Length; d++)
        {
            int[] sorted = [.. sample.OrderBy(i => positions[i][d])];
            var left = 0.0;
            for (var n = 1; n < sorted.Length; n++)
            {
                left += scores[sorted[n - 1]];
                var (before, after) = (positions[sorted[n - 1]][d], positions[sorted[n]][d]);
                if (before == after || n < FewestInLeaf || sorted.Length - n < FewestInLeaf)
                    continue;
                var gain = (left * left / n) + ((total - left) * (total - left) / (sorted.Length - n));
                if (gain > most)
                    (most, best) = (gain, (d, (before + after) / 2));
            }
        }
        return best;
    }

    private static double[] With(double[] corner, int dimension, double value)
    {
        double[] changed = [.. corner];
        changed[dimension] = value;
        return changed;
    }

    private static double Volume(double[] low, double[] high, int except)
    {
        var volume = 1.0;
        for (var d = 0; d < low.Length; d++)
            volume *= d == except ? 1 : high[d] - low[d];
        return volume;
    }
}
