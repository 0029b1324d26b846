using Glia.Losses;

namespace Glia;

/// <summary>
/// What training makes small: one number from the model's outputs and the targets. The shortcuts here have the default options; the classes in
/// <see cref="Losses"/> take others, as in <c>new CrossEntropyLoss(labelSmoothing: 0.1)</c>.
/// </summary>
public abstract class Loss
{
    /// <summary>Creates a loss.</summary>
    /// <param name="reduction">How the losses of the elements become one number; their mean by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The reduction is not one of the enumeration.</exception>
    protected Loss(LossReduction reduction = LossReduction.Mean)
    {
        if (!Enum.IsDefined(reduction))
            throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "The reduction must be Mean, Sum, BatchMean or None.");
        Reduction = reduction;
    }

    /// <inheritdoc cref="CrossEntropyLoss"/>
    public static Loss CrossEntropy { get; } = new CrossEntropyLoss();

    /// <inheritdoc cref="BinaryCrossEntropyLoss"/>
    public static Loss BinaryCrossEntropy { get; } = new BinaryCrossEntropyLoss();

    /// <inheritdoc cref="NegativeLogLikelihoodLoss"/>
    public static Loss NegativeLogLikelihood { get; } = new NegativeLogLikelihoodLoss();

    /// <inheritdoc cref="KLDivergenceLoss"/>
    public static Loss KLDivergence { get; } = new KLDivergenceLoss();

    /// <inheritdoc cref="MeanSquaredErrorLoss"/>
    public static Loss MeanSquaredError { get; } = new MeanSquaredErrorLoss();

    /// <inheritdoc cref="MeanAbsoluteErrorLoss"/>
    public static Loss MeanAbsoluteError { get; } = new MeanAbsoluteErrorLoss();

    /// <inheritdoc cref="HuberLoss"/>
    public static Loss Huber { get; } = new HuberLoss();

    /// <inheritdoc cref="SmoothL1Loss"/>
    public static Loss SmoothL1 { get; } = new SmoothL1Loss();

    /// <inheritdoc cref="HingeLoss"/>
    public static Loss Hinge { get; } = new HingeLoss();

    /// <inheritdoc cref="CosineSimilarityLoss"/>
    public static Loss CosineSimilarity { get; } = new CosineSimilarityLoss();

    /// <summary>A loss of your own: any differentiable function of prediction and target that gives a single number.</summary>
    public static Loss From(Func<Tensor, Tensor, Tensor> function, string name = "custom loss")
    {
        ArgumentNullException.ThrowIfNull(function);
        return new CustomLoss(function, name);
    }

    /// <summary>
    /// A loss of your own that is a number per element or per sample, so that it can be reduced in any way and its samples can be weighted:
    /// <c>Loss.FromElements((p, t) => (p - t).Square().Square(), "fourth power")</c>.
    /// </summary>
    /// <param name="function">Differentiable, from prediction and target to the losses (batch, …).</param>
    /// <param name="name">The name to show.</param>
    /// <param name="reduction">How they become one number; their mean by default.</param>
    public static Loss FromElements(Func<Tensor, Tensor, Tensor> function, string name = "custom loss", LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new FunctionLoss(function, name, reduction);
    }

    /// <summary>
    /// This loss in the standardised units of a model that ends in <see cref="Network.Denormalize(Tensor, int, string?)"/> or <see cref="Network.Regression"/>:
    /// predictions and targets stay in the user's units, the loss is that of (x − mean) / std of both, so that learning rates do not depend on the units.
    /// </summary>
    /// <param name="model">The model; its last layer is the scale.</param>
    /// <exception cref="ArgumentException">The model does not end in such a layer.</exception>
    public Loss Standardized(Layers.SequentialNetwork model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers is [.., Layers.Normalization { IsInverse: true } scale]
            ? new StandardizedLoss(this, scale)
            : throw new ArgumentException($"Standardized expects a model that ends in Denormalize or Regression, but it ends in {(model.Layers is [.., var last] ? $"{last.GetType().Name} '{last.Name}'" : "nothing")}. Add Denormalize(targets).");
    }

    /// <summary>The name to show.</summary>
    public abstract string Name { get; }

    /// <summary>How the losses of the elements become one number.</summary>
    public LossReduction Reduction { get; }

    /// <summary>The loss of a batch, as a single number to call <see cref="Tensor.Backward"/> on (with reduction None, one per element).</summary>
    /// <param name="prediction">What the model made.</param>
    /// <param name="target">What it should have made.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public abstract Tensor Compute(Tensor prediction, Tensor target);

    /// <summary>Whether it does the same operations each time: not known of a function from outside.</summary>
    internal virtual bool IsPure => Replay.Purity.IsOwn(this);

    /// <summary>Whether the samples of a batch can be weighted: true when the loss consists of losses of samples. Override it with the weighted Compute.</summary>
    public virtual bool SupportsSampleWeights => false;

    /// <summary>
    /// The loss of a batch whose samples count differently: a sample of weight 2 counts like two of it, one of weight 0 as if it were not there. The
    /// mean is Σ wᵢlᵢ / Σ wᵢ, or 0 when no weight is left.
    /// </summary>
    /// <param name="prediction">What the model made.</param>
    /// <param name="target">What it should have made.</param>
    /// <param name="sampleWeights">A weight per sample, (batch,), or per element of the loss.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="NotSupportedException">The loss does not consist of losses of samples.</exception>
    public virtual Tensor Compute(Tensor prediction, Tensor target, Tensor sampleWeights) =>
        throw new NotSupportedException($"The {Name} gives one number for the whole batch, so its samples cannot be weighted. Weigh them in the function itself, or override Compute.");

    /// <summary>
    /// The loss of a batch, and how much the batch counts beside others when their losses are averaged: Σwᵢ where elements are weighted (by samples, by classes,
    /// or by leaving some out), else their number. So Σ weight·loss / Σ weight over batches is the loss of all of them as one.
    /// </summary>
    /// <param name="prediction">What the model made.</param>
    /// <param name="target">What it should have made.</param>
    /// <param name="sampleWeights">A weight per sample, (batch,), or per element of the loss; null when all count the same.</param>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    /// <exception cref="NotSupportedException">There are weights, but the loss does not consist of losses of samples.</exception>
    public virtual (Tensor Loss, double Weight) ComputeWithWeight(Tensor prediction, Tensor target, Tensor? sampleWeights)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return sampleWeights is null
            ? (Compute(prediction, target), prediction.Rank == 0 ? 1 : prediction.Shape[0])
            : (Compute(prediction, target, sampleWeights), sampleWeights.Sum().Item());
    }

    /// <summary>Refuses a model's last layer that the loss already contains.</summary>
    /// <param name="last">The last layer.</param>
    /// <exception cref="ArgumentException">The model ends in an activation that the loss applies itself.</exception>
    public virtual void CheckOutputLayer(Layers.Layer last)
    {
    }

    private sealed class CustomLoss(Func<Tensor, Tensor, Tensor> function, string name) : Loss
    {
        public override string Name => name;

        internal override bool IsPure => false;

        public override Tensor Compute(Tensor prediction, Tensor target) => function(prediction, target);
    }
}
