using Glia.Losses;

namespace Glia.Conformance.Operations;

internal static class Losses
{
    public static OperationTable Table { get; } = new()
    {
        { "bce", c => Compute(c, new BinaryCrossEntropyLoss(fromLogits: false, reduction: Reduction(c))) },
        { "bce_with_logits", c => Compute(c, new BinaryCrossEntropyLoss(fromLogits: true, WeightOrNull(c, "pos_weight", "pos_weight"), Reduction(c))) },
        { "cosine_similarity", c => CosineSimilarityLoss.Similarity(c["a"], c["b"], c.Options.Integer("dim"), c.Options.Number("eps")) },
        { "cross_entropy", CrossEntropy },
        { "huber_loss", c => Compute(c, new HuberLoss(c.Options.Number("delta"), Reduction(c))) },
        { "kl_div", c => Compute(c, new KLDivergenceLoss(c.Options.Flag("log_target"), Reduction(c))) },
        { "l1_loss", c => Compute(c, new MeanAbsoluteErrorLoss(Reduction(c))) },
        { "mse_loss", c => Compute(c, new MeanSquaredErrorLoss(Reduction(c))) },
        { "nll_loss", c => Compute(c, new NegativeLogLikelihoodLoss(WeightOrNull(c, "weighted", "class_weight"), c.Options.Integer("ignore_index"), Reduction(c))) },
        { "smooth_l1_loss", c => Compute(c, new SmoothL1Loss(c.Options.Number("beta"), Reduction(c))) },
    };

    private static Tensor CrossEntropy(ConformanceCase c)
    {
        var kind = c.Options.Text("target");
        UnsupportedException.ThrowIf(kind is not ("indices" or "probabilities"), $"cross-entropy with targets '{kind}'");
        var weights = WeightOrNull(c, "weighted", "class_weight");
        return Compute(c, new CrossEntropyLoss(weights, c.Options.Integer("ignore_index"), c.Options.Number("label_smoothing"), Reduction(c)));
    }

    private static Tensor Compute(ConformanceCase c, Loss loss) => loss.Compute(c["input"], c["target"]);

    private static Tensor? WeightOrNull(ConformanceCase c, string option, string name) => c.Options.Flag(option) ? c[name] : null;

    private static LossReduction Reduction(ConformanceCase c) => c.Options.Text("reduction") switch
    {
        "mean" => LossReduction.Mean,
        "sum" => LossReduction.Sum,
        "none" => LossReduction.None,
        "batchmean" => LossReduction.BatchMean,
        var other => throw new UnsupportedException($"unsupported: reduction '{other}'"),
    };
}
