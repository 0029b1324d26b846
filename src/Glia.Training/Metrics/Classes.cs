namespace Glia.Training;

/// <summary>
/// From a classifier's outputs to class indices. Classes lie along the last axis, or along the second when there is a target for every position of the
/// axes behind it; with one output per sample, a logit above 0 means class 1.
/// </summary>
internal static class Classes
{
    /// <summary>The class of the largest output, and that of the target, for every sample and position.</summary>
    /// <exception cref="ArgumentException">There is not one target per prediction.</exception>
    public static (long[] Predicted, long[] Actual) Of(string metric, Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        var predicted = Predicted(prediction.Detach(), target.Shape).ToArray<long>();
        var actual = target.To(DType.Int64).ToArray<long>();
        if (predicted.Length != actual.Length)
            throw new ArgumentException($"{metric} expects one target per prediction but got {predicted.Length} and {actual.Length}.");
        return (predicted, actual);
    }

    /// <summary>The number of classes that the outputs tell apart.</summary>
    public static int Count(Tensor prediction, Tensor target) => IsBinary(prediction) ? 2 : prediction.Shape[AreSecond(prediction, target.Shape) ? 1 : -1];

    /// <summary>Scores as rows of classes, one for each sample and position; a single column when there is one output per sample.</summary>
    public static Tensor Rows(Tensor prediction, Tensor target)
    {
        var scores = prediction.Detach().To(DType.Float64);
        if (IsBinary(prediction))
            return scores.Reshape(scores.Count, 1);
        if (AreSecond(prediction, target.Shape))
            scores = scores.Permute([0, .. Enumerable.Range(2, scores.Rank - 2), 1]);
        return scores.Reshape(scores.Count / Math.Max(1, scores.Shape[-1]), scores.Shape[-1]);
    }

    private static Tensor Predicted(Tensor logits, Shape target)
    {
        if (IsBinary(logits))
            return Tensor.Greater(logits, Tensor.Scalar(0, logits.DType, logits.Device)).To(DType.Int64);
        return logits.ArgMax(AreSecond(logits, target) ? 1 : -1);
    }

    private static bool IsBinary(Tensor logits) => logits.Rank < 2 || logits.Shape[-1] == 1;

    private static bool AreSecond(Tensor logits, Shape target) => logits.Rank > 2 && target == logits.Shape.Without(1);
}
