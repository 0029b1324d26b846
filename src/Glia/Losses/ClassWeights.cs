namespace Glia.Losses;

/// <summary>Weights of classes for <see cref="CrossEntropyLoss"/> and <see cref="NegativeLogLikelihoodLoss"/>.</summary>
public static class ClassWeights
{
    /// <summary>
    /// n / (k·nᶜ) for each class c, with n samples, nᶜ of them in the class, and k classes that have samples: rare classes count more, and the mean weight of a
    /// sample is 1. A class without samples gets 0.
    /// </summary>
    /// <param name="labels">Class indices, Int64.</param>
    /// <param name="classes">The number of classes.</param>
    /// <returns>Weights (classes,), Float32.</returns>
    /// <exception cref="ArgumentException">There are no labels, or one is not from 0 to <paramref name="classes"/> − 1.</exception>
    public static Tensor Balanced(Tensor labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        if (labels.Count == 0)
            throw new ArgumentException("ClassWeights.Balanced expects at least one label but got none.");
        var counts = new long[classes];
        foreach (var label in labels.AsSpan<long>())
        {
            if ((ulong)label >= (ulong)classes)
                throw new ArgumentException($"ClassWeights.Balanced expects labels from 0 to {classes - 1} but got {label}.");
            counts[label]++;
        }
        var present = (double)counts.Count(c => c > 0);
        return Tensor.From(Array.ConvertAll(counts, c => c == 0 ? 0f : (float)(labels.Count / (present * c))));
    }
}
