using Glia.Data;

namespace Glia.Training.Tuning;

/// <summary>Samples to learn from and samples to judge by: one for a hold-out, k for a k-fold cross-validation.</summary>
/// <param name="Train">What a trial learns from.</param>
/// <param name="Validation">What its score is measured on.</param>
public sealed record Fold(Dataset Train, Dataset Validation)
{
    private const int ReadAtOnce = 256;

    /// <summary>Holds out a share of the samples; of every class alike, where the targets are class indices.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="share">The share to judge by; 0.2 by default.</param>
    /// <param name="seed">The same seed gives the same division.</param>
    /// <exception cref="ArgumentException">There are too few samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1.</exception>
    public static IReadOnlyList<Fold> HoldOut(Dataset data, double share = 0.2, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!(share > 0 && share < 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "The share to hold out must lie between 0 and 1.");
        var held = (int)Math.Clamp(Math.Round(share * data.Count), 1, Math.Max(1, data.Count - 1));
        return [Split(data, i => (long)(i + 1) * held / data.Count > (long)i * held / data.Count, seed)];
    }

    /// <summary>k-fold cross-validation: k parts of equal size, each of which is judged by once, after learning from the others. Classes are dealt evenly.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="count">k, at least 2.</param>
    /// <param name="seed">The same seed gives the same division.</param>
    /// <exception cref="ArgumentException">There are too few samples.</exception>
    public static IReadOnlyList<Fold> CrossValidation(Dataset data, int count, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return [.. Enumerable.Range(0, count).Select(fold => Split(data, i => i % count == fold, seed))];
    }

    /// <summary>Divides samples that come class by class, each class in random order: what is dealt evenly then is dealt evenly within every class.</summary>
    private static Fold Split(Dataset data, Func<int, bool> isHeld, ulong seed)
    {
        var order = Dealt(data, seed);
        int[] held = [.. order.Where((_, i) => isHeld(i)).Order()];
        int[] rest = [.. order.Where((_, i) => !isHeld(i)).Order()];
        if (held.Length == 0 || rest.Length == 0)
            throw new ArgumentException($"{data.Count} samples are too few for this division. Use more data, or fewer folds.", nameof(data));
        return new Fold(data.Subset(rest), data.Subset(held));
    }

    private static int[] Dealt(Dataset data, ulong seed)
    {
        var random = new Rng(seed).Split("folds").Permutation(data.Count);
        if (data.TargetDType != DType.Int64 || data.TargetShape.Rank != 0)
            return random;
        var classes = data is TensorDataset tensors ? tensors.Targets.ToArray<long>() : ReadClasses(data);
        return [.. random.OrderBy(i => classes[i])];
    }

    private static long[] ReadClasses(Dataset data)
    {
        var classes = new List<long>(data.Count);
        foreach (var batch in new DataLoader(data, ReadAtOnce, shuffle: false, prefetch: 0).Epoch())
            classes.AddRange(batch.Target.ToArray<long>());
        return [.. classes];
    }
}
