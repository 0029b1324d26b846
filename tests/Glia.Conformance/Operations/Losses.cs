using Glia.Losses;

namespace Glia.Conformance.Operations;

internal static class Losses
{
    public static OperationTable Table { get; } = new()
    {
        { "bce", c => Compute(c, r => new BinaryCrossEntropyLoss(fromLogits: false, reduction: r)) },
        { "bce_with_logits", c => Compute(c, r => new BinaryCrossEntropyLoss(fromLogits: true, WeightOrNull(c, "pos_weight", "pos_weight"), r)) },
        { "cosine_similarity", c => CosineSimilarityLoss.Similarity(c["a"], c["b"], c.Options.Integer("dim", 1), c.Options.Number("eps", 1e-8)) },
        { "cross_entropy", CrossEntropy },
        { "huber_loss", c => Compute(c, r => new HuberLoss(c.Options.Number("delta", 1), r)) },
        { "kl_div", c => Compute(c, r => new KLDivergenceLoss(c.Options.Flag("log_target", false), r)) },
        { "l1_loss", c => Compute(c, r => new MeanAbsoluteErrorLoss(r)) },
        { "mse_loss", c => Compute(c, r => new MeanSquaredErrorLoss(r)) },
        { "nll_loss", c => OfClasses(c, new NegativeLogLikelihoodLoss(WeightOrNull(c, "weighted", "class_weight", "weight"), IgnoredIndex(c), Reduction(c))) },
        { "smooth_l1_loss", c => Compute(c, r => new SmoothL1Loss(c.Options.Number("beta", 1), r)) },
    };

    private static Tensor CrossEntropy(ConformanceCase c)
    {
        var kind = c.Options.Text("target", c["target"].DType == c.DType ? "probabilities" : "indices");
        UnsupportedException.ThrowIf(kind is not ("indices" or "probabilities"), $"cross-entropy with targets '{kind}'");
        var weights = WeightOrNull(c, "weighted", "class_weight", "weight");
        return OfClasses(c, new CrossEntropyLoss(weights, IgnoredIndex(c), c.Options.Number("label_smoothing", 0), Reduction(c)));
    }

    /// <summary>PyTorch also takes one sample without a batch.</summary>
    private static Tensor OfClasses(ConformanceCase c, Loss loss)
    {
        var (input, target) = (c["input"], c["target"]);
        return input.Rank == 1
            ? loss.Compute(input.Reshape(1, input.Count), target.Reshape(new Shape([1, .. target.Shape.Sizes]))).Reshape(Shape.Scalar)
            : loss.Compute(input, target);
    }

    private static int IgnoredIndex(ConformanceCase c) => c.Options.Integer("ignore_index", -100);

    /// <summary>A weight per element multiplies the losses before they are reduced.</summary>
    private static Tensor Compute(ConformanceCase c, Func<LossReduction, Loss> loss)
    {
        var reduction = Reduction(c);
        if (!c.Has("in.weight"))
            return loss(reduction).Compute(c["input"], c["target"]);
        var losses = loss(LossReduction.None).Compute(c["input"], c["target"]) * c["weight"];
        return reduction switch
        {
            LossReduction.Mean => losses.Mean(),
            LossReduction.Sum => losses.Sum(),
            LossReduction.None => losses,
            _ => losses.Sum() / losses.Shape[0],
        };
    }

    /// <summary>The weights that the case gives, under any of some names.</summary>
    private static Tensor? WeightOrNull(ConformanceCase c, string option, params string[] names)
    {
        var name = Array.Find(names, n => c.Has("in." + n));
        if (c.Options.Flag(option, name is not null) != (name is not null))
            throw new FormatException($"the option '{option}' does not fit the inputs given");
        return name is null ? null : c[name];
    }

    private static LossReduction Reduction(ConformanceCase c) => c.Options.Text("reduction", "mean") switch
    {
        "mean" => LossReduction.Mean,
        "sum" => LossReduction.Sum,
        "none" => LossReduction.None,
        "batchmean" => LossReduction.BatchMean,
        var other => throw new UnsupportedException($"unsupported: reduction '{other}'"),
    };
}
