namespace Glia;

/// <summary>What training makes small: one number from the model's outputs and the targets.</summary>
public abstract class Loss
{
    /// <summary>
    /// Cross-entropy of logits (batch, classes) and Int64 class indices (batch,): the mean of −ln softmax(logits)[target]. The model must not end in
    /// softmax, since the loss applies it, stably for logits of any size.
    /// </summary>
    public static Loss CrossEntropy { get; } = new Losses.CrossEntropyLoss();

    /// <summary>
    /// Binary cross-entropy of logits and targets 0 or 1 (or between) of the same shape: the mean of (1 − y)·softplus(x) + y·softplus(−x). The model must not end in a
    /// sigmoid, since the loss applies it.
    /// </summary>
    public static Loss BinaryCrossEntropy { get; } = new Losses.BinaryCrossEntropyLoss();

    /// <summary>The mean of (prediction − target)², for regression.</summary>
    public static Loss MeanSquaredError { get; } = new Losses.MeanSquaredErrorLoss();

    /// <summary>A loss of your own: any differentiable function of prediction and target that gives a single number.</summary>
    public static Loss From(Func<Tensor, Tensor, Tensor> function, string name = "custom loss")
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Losses.CustomLoss(function, name);
    }

    /// <summary>The name to show.</summary>
    public abstract string Name { get; }

    /// <summary>The loss of a batch, as a single number to call <see cref="Tensor.Backward"/> on.</summary>
    /// <param name="prediction">What the model made.</param>
    /// <param name="target">What it should have made.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public abstract Tensor Compute(Tensor prediction, Tensor target);

    /// <summary>Refuses a model's last layer that the loss already contains.</summary>
    /// <param name="last">The last layer.</param>
    /// <exception cref="ArgumentException">The model ends in an activation that the loss applies itself.</exception>
    public virtual void CheckOutputLayer(Layers.Layer last)
    {
    }
}
