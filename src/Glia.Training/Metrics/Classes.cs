namespace Glia.Training;

/// <summary>
/// From a classifier's outputs to class indices. Where the axis of the classes is not given, it is the last one, or the second when there is a target for every
/// position of the axes behind it; (batch, time, classes) with as many steps as classes would be taken for the latter. With one output per sample, a logit
/// above 0 means class 1.
/// </summary>
internal static class Classes
{
    /// <summary>The class of the largest output, and that of the target, for every sample and position.</summary>
    /// <exception cref="ArgumentException">There is not one target per prediction.</exception>
    public static (long[] Predicted, long[] Actual) Of(string metric, Tensor prediction, Tensor target, int? classAxis)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        var predicted = Predicted(prediction.Detach(), AxisOf(metric, prediction, target, classAxis)).ToArray<long>();
        var actual = target.To(DType.Int64).ToArray<long>();
        if (predicted.Length != actual.Length)
            throw new ArgumentException($"{metric} expects one target per prediction but got {predicted.Length} and {actual.Length}.");
        return (predicted, actual);
    }

    /// <summary>The number of classes that the outputs tell apart.</summary>
    public static int Count(string metric, Tensor prediction, Tensor target, int? classAxis) => AxisOf(metric, prediction, target, classAxis) is { } axis ? prediction.Shape[axis] : 2;

    /// <summary>Scores as rows of classes, one for each sample and position; a single column when there is one output per sample.</summary>
    public static Tensor Rows(string metric, Tensor prediction, Tensor target, int? classAxis)
    {
        var scores = prediction.Detach().To(DType.Float64);
        if (AxisOf(metric, prediction, target, classAxis) is not { } axis)
            return scores.Reshape(scores.Count, 1);
        if (axis < scores.Rank - 1)
            scores = scores.Permute([.. Enumerable.Range(0, scores.Rank).Where(i => i != axis), axis]);
        return scores.Reshape(scores.Count / Math.Max(1, scores.Shape[-1]), scores.Shape[-1]);
    }

    private static Tensor Predicted(Tensor logits, int? axis) => axis is { } classes
        ? logits.ArgMax(classes)
        : Tensor.Greater(logits, Tensor.Scalar(0, logits.DType, logits.Device)).To(DType.Int64);

    /// <summary>The axis of the classes, from 0; null with one output per sample.</summary>
    private static int? AxisOf(string metric, Tensor prediction, Tensor target, int? classAxis)
    {
        var shape = prediction.Shape;
        if (classAxis is not { } given)
            return shape.Rank < 2 || shape[-1] == 1 ? null : shape.Rank > 2 && target.Shape == shape.Without(1) ? 1 : shape.Rank - 1;
        var axis = given < 0 ? given + shape.Rank : given;
        if (axis < 1 || axis >= shape.Rank)
            throw new ArgumentException($"{metric} looks for the classes along axis {given}, but got predictions {shape}, whose first axis is the batch.");
        return shape[axis] == 1 ? null : axis;
    }
}
