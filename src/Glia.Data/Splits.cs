namespace Glia.Data;

/// <summary>Splits rows into parts (such as training, validation and test) at random, reproducibly from a seed.</summary>
public static class Splits
{
    private const double Tolerance = 1e-9;

    /// <summary>Splits rows at random.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="fractions">The share of each part; positive, sum 1. Sizes are rounded by largest remainder.</param>
    /// <param name="seed">The seed; the same seed gives the same split.</param>
    /// <returns>The rows of each part in ascending order; no part is empty if there are at least as many rows as parts.</returns>
    /// <exception cref="ArgumentException"><paramref name="fractions"/> is empty, has a share ≤ 0 or does not add up to 1.</exception>
    public static int[][] Random(int count, double[] fractions, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Stratified(new int[count], fractions, seed);
    }

    /// <summary>Splits rows at random so that every part has every class in proportion.</summary>
    /// <remarks>
    /// The rows of a class are dealt out by largest remainder; the rows left over go where the parts are furthest behind their share of
    /// all rows. A class with at least as many rows as there are parts has a row in every part. Equal fractions give the folds of a
    /// cross-validation.
    /// </remarks>
    /// <param name="labels">The class of each row (any whole numbers).</param>
    /// <param name="fractions">The share of each part; positive, sum 1.</param>
    /// <param name="seed">The seed; the same seed gives the same split.</param>
    /// <returns>The rows of each part in ascending order; no part is empty if there are at least as many rows as parts.</returns>
    /// <exception cref="ArgumentException"><paramref name="fractions"/> is empty, has a share ≤ 0 or does not add up to 1.</exception>
    public static int[][] Stratified(ReadOnlySpan<int> labels, double[] fractions, ulong seed)
    {
        CheckFractions(fractions);
        var byClass = new SortedDictionary<int, List<int>>();
        for (var row = 0; row < labels.Length; row++)
        {
            if (!byClass.TryGetValue(labels[row], out var rows))
                byClass[labels[row]] = rows = [];
            rows.Add(row);
        }

        var parts = fractions.Select(_ => new List<int>()).ToArray();
        var dealt = 0;
        foreach (var (label, rows) in byClass)
        {
            var shuffled = rows.ToArray();
            CounterRandom.Shuffle(shuffled, CounterRandom.Bits(seed, (ulong)(uint)label));
            dealt += shuffled.Length;
            var sizes = Deal(shuffled.Length, fractions, parts, dealt);
            var start = 0;
            for (var part = 0; part < parts.Length; part++)
            {
                parts[part].AddRange(shuffled.AsSpan(start, sizes[part]));
                start += sizes[part];
            }
        }

        FillEmptyParts(parts);
        foreach (var part in parts)
            part.Sort();
        return [.. parts.Select(part => part.ToArray())];
    }

    /// <summary>
    /// The part that a row of a stream falls into: each row is drawn independently, so sizes are as given only on average.
    /// </summary>
    /// <param name="row">The row (0-based).</param>
    /// <param name="fractions">The expected share of each part; positive, sum 1.</param>
    /// <param name="seed">The seed; the same seed gives the same split.</param>
    /// <returns>The part (0-based).</returns>
    public static int PartOf(long row, ReadOnlySpan<double> fractions, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        var drawn = CounterRandom.Uniform(seed, (ulong)row);
        for (var part = 0; part < fractions.Length - 1; part++)
        {
            drawn -= fractions[part];
            if (drawn < 0)
                return part;
        }

        return fractions.Length - 1;
    }

    internal static void CheckFractions(double[] fractions)
    {
        ArgumentNullException.ThrowIfNull(fractions);
        if (fractions.Length == 0 || fractions.Any(f => !(f > 0)) || !(Math.Abs(fractions.Sum() - 1) <= Tolerance))
        {
            throw new ArgumentException(
                "The fractions of a split must be positive and add up to 1, "
                + $"but are [{string.Join(", ", fractions.Select(Column.FormatNumber))}].",
                nameof(fractions));
        }
    }

    // How many of a class's rows each part gets; dealt counts the rows of this and all earlier classes.
    private static int[] Deal(int count, double[] fractions, List<int>[] parts, int dealt)
    {
        var sizes = new int[parts.Length];
        for (var part = 0; part < sizes.Length; part++)
            sizes[part] = (int)(fractions[part] * count + Tolerance);

        for (var left = count - sizes.Sum(); left > 0; left--)
        {
            // At most one row over the exact share, to the part that is furthest behind overall.
            var open = Enumerable.Range(0, sizes.Length).Where(part => sizes[part] < fractions[part] * count);
            sizes[open.MaxBy(part => fractions[part] * dealt - parts[part].Count - sizes[part])]++;
        }

        if (count >= sizes.Length)
        {
            for (int empty; (empty = Array.IndexOf(sizes, 0)) >= 0;)
            {
                sizes[Array.IndexOf(sizes, sizes.Max())]--;
                sizes[empty]++;
            }
        }

        return sizes;
    }

    private static void FillEmptyParts(List<int>[] parts)
    {
        foreach (var empty in parts.Where(part => part.Count == 0))
        {
            var largest = parts.MaxBy(part => part.Count)!;
            if (largest.Count < 2)
                return;

            empty.Add(largest[^1]);
            largest.RemoveAt(largest.Count - 1);
        }
    }
}
