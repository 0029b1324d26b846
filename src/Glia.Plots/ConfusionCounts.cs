namespace Glia.Plots;

/// <summary>Checked counts of a confusion matrix with cleaned class names.</summary>
internal sealed class ConfusionCounts
{
    private readonly long[] _rowSums;

    public ConfusionCounts(IReadOnlyList<string> classNames, long[,] counts)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(counts);
        if (classNames.Count == 0)
            throw new ArgumentException("There is no class; give at least one name.", nameof(classNames));
        if (counts.GetLength(0) != classNames.Count || counts.GetLength(1) != classNames.Count)
        {
            throw new ArgumentException($"The counts are {counts.GetLength(0)} × {counts.GetLength(1)} but there are {classNames.Count} "
                + $"classes; {classNames.Count} × {classNames.Count} were expected.", nameof(counts));
        }

        Names = [.. classNames.Select(ChartText.Clean)];
        Counts = counts;
        _rowSums = new long[Names.Length];
        for (var t = 0; t < Names.Length; t++)
        {
            for (var p = 0; p < Names.Length; p++)
            {
                if (counts[t, p] < 0)
                    throw new ArgumentException($"The count of true '{Names[t]}' as '{Names[p]}' is {counts[t, p]}; it must be 0 or more.",
                        nameof(counts));
                _rowSums[t] = checked(_rowSums[t] + counts[t, p]);
            }
        }
    }

    public string[] Names { get; }

    public long[,] Counts { get; }

    /// <summary>How often the true class occurs.</summary>
    public long RowSum(int trueClass) => _rowSums[trueClass];

    /// <summary>Whether the true class occurs at all.</summary>
    public bool Occurs(int trueClass) => _rowSums[trueClass] > 0;

    /// <summary>The share, 0…1, of the true class that was predicted so; 0 if the class does not occur.</summary>
    public double Share(int trueClass, int predictedClass) =>
        Occurs(trueClass) ? Counts[trueClass, predictedClass] / (double)_rowSums[trueClass] : 0;
}
