using Glia.Layers;

namespace Glia.Losses;

/// <summary>
/// −w[t]·x[t] of log-probabilities x (batch, classes) or (batch, classes, d₁, …) and whole-number class indices t (batch, d₁, …): for models that end in a
/// log-softmax; for logits take <see cref="CrossEntropyLoss"/>. The mean is divided by the sum of the weights of the counted targets.
/// </summary>
public sealed class NegativeLogLikelihoodLoss : ElementLoss
{
    private readonly Tensor? _classWeights;

    /// <summary>Creates the loss.</summary>
    /// <param name="classWeights">w, (classes,); by default every class counts 1.</param>
    /// <param name="ignoreIndex">A class index that marks targets not to be counted; −100 by default.</param>
    /// <param name="reduction">How the losses become one number; their mean by default.</param>
    /// <param name="classAxis">The axis of the classes: 1 by default; −1 for the last one, as in a language model's (batch, time, classes).</param>
    /// <exception cref="ArgumentOutOfRangeException">The class axis is 0.</exception>
    public NegativeLogLikelihoodLoss(Tensor? classWeights = null, long ignoreIndex = -100, LossReduction reduction = LossReduction.Mean, int classAxis = 1)
        : base(reduction)
    {
        _classWeights = classWeights?.Clone();
        IgnoreIndex = ignoreIndex;
        ClassAxis = ClassTargets.RequireNotBatch(classAxis);
    }

    /// <summary>The class index that marks targets not to be counted.</summary>
    public long IgnoreIndex { get; }

    /// <summary>The axis of the classes; negative ones count from the end.</summary>
    public int ClassAxis { get; }

    /// <inheritdoc/>
    public override string Name => "negative log-likelihood";

    /// <inheritdoc/>
    public override void CheckOutputLayer(Layer last)
    {
        if (last is Softmax or Sigmoid)
            throw new ArgumentException($"The model ends in {last.GetType().Name} '{last.Name}', but the negative log-likelihood takes log-probabilities. Remove that layer and train with Loss.CrossEntropy.");
    }

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        ClassTargets.RequireClassAxis(Name, prediction, ClassAxis, _classWeights);
        if (target.DType.IsFloatingPoint())
            throw new ArgumentException($"The {Name} expects class indices as Int64 but got {target.DType} {target.Shape}. Convert them with To(DType.Int64).");
        var classes = new ClassTargets(Name, prediction, ClassAxis, target, _classWeights, IgnoreIndex);
        // A choice rather than a product: other classes, and targets that are not counted, may have log-probability −∞.
        var chosen = Tensor.OneHot(classes.Indices, prediction.Shape[ClassAxis], DType.Bool);
        if (classes.Mask is { } mask)
            chosen = Tensor.Where(mask.Reshape(mask.Count, 1), chosen, Tensor.Scalar(0, DType.Bool, chosen.Device));
        var losses = -Tensor.Where(chosen, ClassTargets.Rows(prediction, ClassAxis), Tensor.Scalar(0, prediction.DType, prediction.Device)).Sum(1);
        return ((classes.Weights is { } w ? losses * w : losses).Reshape(target.Shape), classes.Weights?.Reshape(target.Shape));
    }
}
