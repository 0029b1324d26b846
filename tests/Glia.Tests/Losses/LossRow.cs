using Glia.Losses;

namespace Glia.Tests.Losses;

/// <summary>A loss with options, and a batch of 4 samples that it is defined and smooth for.</summary>
internal sealed record LossRow(string Name, Func<LossReduction, Loss> Create, Func<Tensor> Prediction, Func<Tensor> Target)
{
    public static IReadOnlyDictionary<string, LossRow> Rows { get; } = new LossRow[]
    {
        new("cross-entropy", r => new CrossEntropyLoss(reduction: r), () => Normal((4, 3)), () => Tensor.From<long>([0, 2, 1, 1])),
        new("cross-entropy of positions", r => new CrossEntropyLoss(reduction: r), () => Normal((4, 3, 2)), () => Tensor.From<long>([0, 2, 1, 1, 0, 0, 2, 1], (4, 2))),
        new("cross-entropy of sequences", r => new CrossEntropyLoss(Weights(), 1, 0.1, r, classAxis: -1), () => Normal((4, 2, 3)), () => Tensor.From<long>([0, 2, 1, 1, 0, 0, 2, 1], (4, 2))),
        new("negative log-likelihood of sequences", r => new NegativeLogLikelihoodLoss(reduction: r, classAxis: -1), () => Normal((4, 2, 3)).LogSoftmax().Detach(), () => Tensor.From<long>([0, 2, 1, 1, 0, 0, 2, 1], (4, 2))),
        new("weighted cross-entropy", r => new CrossEntropyLoss(Weights(), reduction: r), () => Normal((4, 3)), () => Tensor.From<long>([0, 2, 1, 1])),
        new("cross-entropy with ignored targets", r => new CrossEntropyLoss(ignoreIndex: 1, reduction: r), () => Normal((4, 3)), () => Tensor.From<long>([0, 2, 1, 1])),
        new("smoothed cross-entropy", r => new CrossEntropyLoss(Weights(), -100, 0.2, r), () => Normal((4, 3)), () => Tensor.From<long>([0, -100, 1, 1])),
        new("cross-entropy of probabilities", r => new CrossEntropyLoss(reduction: r), () => Normal((4, 3)), () => Normal((4, 3), 5).Softmax().Detach()),
        new("binary cross-entropy", r => new BinaryCrossEntropyLoss(reduction: r), () => Normal((4, 2)), () => Tensor.From([0.0, 1, 1, 0, 0.3, 1, 0, 0], (4, 2))),
        new("weighted binary cross-entropy", r => new BinaryCrossEntropyLoss(true, Tensor.From([3.0, 0.5]), r), () => Normal((4, 2)), () => Tensor.From([0.0, 1, 1, 0, 0.3, 1, 0, 0], (4, 2))),
        new("binary cross-entropy of probabilities", r => new BinaryCrossEntropyLoss(false, reduction: r), () => Normal((4, 2)).Sigmoid().Detach(), () => Tensor.From([0.0, 1, 1, 0, 0.3, 1, 0, 0], (4, 2))),
        new("negative log-likelihood", r => new NegativeLogLikelihoodLoss(Weights(), 2, r), () => Normal((4, 3)).LogSoftmax().Detach(), () => Tensor.From<long>([0, 2, 1, 1])),
        new("KL divergence", r => new KLDivergenceLoss(reduction: r), () => Normal((4, 3)).LogSoftmax().Detach(), () => Tensor.From([0.5, 0.5, 0, 1, 0, 0, 0.2, 0.3, 0.5, 0, 0.9, 0.1], (4, 3))),
        new("KL divergence of logarithms", r => new KLDivergenceLoss(true, r), () => Normal((4, 3)).LogSoftmax().Detach(), () => Normal((4, 3), 5).LogSoftmax().Detach()),
        new("mean squared error", r => new MeanSquaredErrorLoss(r), () => Normal((4, 3)), () => Normal((4, 3), 5)),
        new("mean absolute error", r => new MeanAbsoluteErrorLoss(r), () => Normal((4, 3)), () => Normal((4, 3), 5)),
        new("Huber", r => new HuberLoss(0.7, r), () => Normal((4, 3)), () => Normal((4, 3), 5)),
        new("smooth L1", r => new SmoothL1Loss(0.7, r), () => Normal((4, 3)), () => Normal((4, 3), 5)),
        new("hinge", r => new HingeLoss(1, r), () => Normal(4), () => Tensor.From([1.0, -1, -1, 1])),
        new("cosine similarity", r => new CosineSimilarityLoss(reduction: r), () => Normal((4, 3)), () => Normal((4, 3), 5)),
    }.ToDictionary(row => row.Name);

    private static Tensor Normal(Shape shape, ulong seed = 1) => Numbers.Normal(shape, seed);

    private static Tensor Weights() => Tensor.From([0.5, 2, 1.25]);
}
