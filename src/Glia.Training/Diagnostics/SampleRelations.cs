using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Glia.Training.Diagnostics;

/// <summary>How samples relate to each other and to their targets: repeated ones, single telling features, neighbours.</summary>
internal sealed class SampleRelations(float[] inputs, float[] targets, int count, int features, bool hasOneTarget, bool areClasses)
{
    private const int Neighbours = 5;
    private const int MaxCompared = 600;
    private const int FewValues = 20;

    /// <summary>The same for equal rows, and for others with all likelihood not: FNV-1a over words, mixed at the end.</summary>
    public static ulong Fingerprint(ReadOnlySpan<float> row)
    {
        var hash = 0xCBF29CE484222325ul;
        foreach (var word in MemoryMarshal.Cast<float, uint>(row))
            hash = System.Numerics.BitOperations.RotateLeft((hash ^ word) * 0x9E3779B97F4A7C15ul, 29);
        return hash ^ (hash >> 32);
    }

    /// <summary>The share of samples that occurred before, and of those whose input has another class as well.</summary>
    public (double Duplicates, double Conflicts) Repeats()
    {
        var groups = Enumerable.Range(0, count).GroupBy(i => Fingerprint(Row(i))).Where(g => g.Count() > 1).ToList();
        var conflicts = areClasses && hasOneTarget ? groups.Where(g => g.Select(i => targets[i]).Distinct().Count() > 1).Sum(g => g.Count()) : 0;
        return ((double)groups.Sum(g => g.Count() - 1) / count, (double)conflicts / count);
    }

    /// <summary>The feature whose nearest values tell the target best, how well, and how well the next one does.</summary>
    public (int Feature, double Score, double Second) BestFeature()
    {
        var (best, top, second) = (-1, 0.0, 0.0);
        for (var feature = 0; feature < features; feature++)
        {
            var values = new float[count];
            for (var i = 0; i < count; i++)
                values[i] = inputs[(i * features) + feature];
            var score = Score(values);
            if (score > top)
                (best, top, second) = (feature, score, top);
            else
                second = Math.Max(second, score);
        }
        return (best, top, second);
    }

    /// <summary>How many standard deviations of chance the nearest neighbours' vote is better than guessing.</summary>
    public double NeighbourSignal()
    {
        var n = Math.Min(count, MaxCompared);
        if (n < 30)
            return double.NaN;
        var scaled = Scaled(n);
        var distances = new float[n];
        var (hits, products) = (0, new double[n]);
        var mean = targets.Take(n).Average();
        var variance = targets.Take(n).Average(t => (t - mean) * (t - mean));
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                distances[j] = i == j ? float.PositiveInfinity : TensorPrimitives.Distance<float>(scaled.AsSpan(i * features, features), scaled.AsSpan(j * features, features));
            var nearest = Enumerable.Range(0, n).OrderBy(j => distances[j]).Take(Neighbours).Select(j => targets[j]).ToArray();
            if (areClasses)
                hits += nearest.GroupBy(t => t).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key == targets[i] ? 1 : 0;
            products[i] = (nearest.Average() - mean) * (targets[i] - mean);
        }
        if (!areClasses)
        {
            // The covariance of a target and its neighbours' mean; by chance its deviation is variance / √(n·k).
            return variance == 0 ? 0 : products.Average() / (variance / Math.Sqrt((double)n * Neighbours));
        }
        // By chance a vote for class c comes as often as c does.
        var chance = targets.Take(n).GroupBy(t => t).Max(g => (double)g.Count() / n);
        return chance >= 1 ? 0 : ((double)hits / n - chance) / Math.Sqrt(chance * (1 - chance) / n);
    }

    private ReadOnlySpan<float> Row(int sample) => inputs.AsSpan(sample * features, features);

    private float[] Scaled(int n)
    {
        var scaled = inputs.AsSpan(0, n * features).ToArray();
        for (var feature = 0; feature < features; feature++)
        {
            double sum = 0, squares = 0;
            for (var i = 0; i < n; i++)
            {
                sum += scaled[(i * features) + feature];
                squares += (double)scaled[(i * features) + feature] * scaled[(i * features) + feature];
            }
            var std = Math.Sqrt(Math.Max(0, (squares / n) - (sum / n * (sum / n))));
            for (var i = 0; std > 0 && i < n; i++)
                scaled[(i * features) + feature] /= (float)std;
        }
        return scaled;
    }

    private double Score(float[] values)
    {
        var groups = Enumerable.Range(0, count).GroupBy(i => values[i]).ToList();
        if (groups.Count == 1)
            return 0;
        if (areClasses)
        {
            var guess = (double)targets.GroupBy(t => t).Max(g => g.Count()) / count;
            var told = groups.Count <= FewValues
                ? groups.Sum(g => g.GroupBy(i => targets[i]).Max(c => c.Count()))
                : InOrder(values).Count(t => t.Nearest == t.Truth);
            return guess >= 1 ? 0 : (((double)told / count) - guess) / (1 - guess);
        }
        var mean = targets.Average();
        var total = targets.Sum(t => (double)(t - mean) * (t - mean));
        var rest = groups.Count <= FewValues
            ? groups.Sum(g => g.Sum(i => Square(targets[i] - g.Average(j => targets[j]))))
            : InOrder(values).Sum(t => Square(t.Truth - t.Mean));
        return total == 0 ? 0 : 1 - (rest / total);
    }

    private static double Square(double x) => x * x;

    /// <summary>Each target beside that of the sample nearest in a feature, and the mean of those of the two around it.</summary>
    private IEnumerable<(float Truth, float Nearest, float Mean)> InOrder(float[] values)
    {
        var order = Enumerable.Range(0, count).OrderBy(i => values[i]).ToArray();
        for (var i = 0; i < count; i++)
        {
            var (before, after) = (order[i > 0 ? i - 1 : 1], order[i < count - 1 ? i + 1 : count - 2]);
            var here = values[order[i]];
            var nearest = Math.Abs(values[before] - here) <= Math.Abs(values[after] - here) ? before : after;
            yield return (targets[order[i]], targets[nearest], (targets[before] + targets[after]) / 2);
        }
    }
}
