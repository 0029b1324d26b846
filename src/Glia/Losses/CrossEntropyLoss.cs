using Glia.Layers;

namespace Glia.Losses;

/// <summary>
/// Cross-entropy of logits (batch, classes) or (batch, classes, d₁, …): −w[t]·ln softmax(logits)[t] for a class index t, or −Σ w[c]·q[c]·ln softmax(logits)[c]
/// for probabilities q. The model must not end in softmax, since the loss applies it, stably for logits of any size.
/// <para>
/// Targets are whole numbers (batch, d₁, …), or probabilities of the logits' shape. The mean over class indices is divided by the sum of the weights of
/// the counted ones, over probabilities by the number of rows. For logits (batch, time, classes), as from a language model, with targets (batch, time), make
/// the loss with <c>classAxis: -1</c>.
/// </para>
/// </summary>
public sealed class CrossEntropyLoss : ElementLoss
{
    private readonly Tensor? _classWeights;

    /// <summary>Creates the loss.</summary>
    /// <param name="classWeights">w, (classes,), see <see cref="ClassWeights.Balanced"/>; by default every class counts 1.</param>
    /// <param name="ignoreIndex">A class index that marks targets not to be counted; −100 by default.</param>
    /// <param name="labelSmoothing">ε in [0, 1]: the target becomes (1 − ε)·target + ε / classes; 0 by default.</param>
    /// <param name="reduction">How the losses become one number; their mean by default.</param>
    /// <param name="classAxis">The axis of the classes: 1 by default; −1 for the last one, as in a language model's (batch, time, classes).</param>
    /// <exception cref="ArgumentOutOfRangeException">The label smoothing is not in [0, 1], or the class axis is 0.</exception>
    public CrossEntropyLoss(Tensor? classWeights = null, long ignoreIndex = -100, double labelSmoothing = 0, LossReduction reduction = LossReduction.Mean, int classAxis = 1)
        : base(reduction)
    {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
            throw new ArgumentOutOfRangeException(nameof(labelSmoothing), labelSmoothing, "Label smoothing must be in [0, 1].");
        _classWeights = classWeights?.Clone();
        IgnoreIndex = ignoreIndex;
        ClassAxis = ClassTargets.RequireNotBatch(classAxis);
        LabelSmoothing = labelSmoothing;
    }

    /// <summary>The class index that marks targets not to be counted.</summary>
    public long IgnoreIndex { get; }

    /// <summary>The axis of the classes; negative ones count from the end.</summary>
    public int ClassAxis { get; }

    /// <summary>How much of the target is spread evenly over the classes.</summary>
    public double LabelSmoothing { get; }

    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    public override void CheckOutputLayer(Layer last)
    {
        if (last is Softmax or Sigmoid)
            throw new ArgumentException($"The model ends in {last.GetType().Name} '{last.Name}', but cross-entropy takes logits and applies softmax itself. Remove that layer; Predict and Softmax() give probabilities.");
    }

    private protected override (Tensor Losses, Tensor? Weights) Elements(Tensor prediction, Tensor target)
    {
        ClassTargets.RequireClassAxis(Name, prediction, ClassAxis, _classWeights);
        var rows = ClassTargets.Rows(prediction, ClassAxis);
        if (target.DType.IsFloatingPoint())
        {
            if (target.Shape != prediction.Shape)
                throw ShapeException.Of(Name, $"class indices as Int64 {prediction.Shape.Without(ClassAxis)}, or probabilities {prediction.Shape},", $"{target.DType} {target.Shape}", "Convert class indices with To(DType.Int64).");
            return (OfProbabilities(rows, ClassTargets.Rows(target, ClassAxis)).Reshape(prediction.Shape.Without(ClassAxis)), null);
        }
        var classes = new ClassTargets(Name, prediction, ClassAxis, target, _classWeights, IgnoreIndex);
        var (losses, factor) = LabelSmoothing == 0
            ? (Tensor.SoftmaxCrossEntropy(rows, classes.Indices), classes.Weights)
            : (OfProbabilities(rows, Tensor.OneHot(classes.Indices, prediction.Shape[ClassAxis], prediction.DType)), classes.Mask);
        return ((factor is null ? losses : losses * factor).Reshape(target.Shape), classes.Weights?.Reshape(target.Shape));
    }

    private Tensor OfProbabilities(Tensor logits, Tensor target)
    {
        var q = LabelSmoothing == 0 ? target : (target * (1 - LabelSmoothing)) + (LabelSmoothing / logits.Shape[1]);
        return -(logits.LogSoftmax() * (_classWeights is null ? q : q * _classWeights.To(logits.DType))).Sum(1);
    }
}
