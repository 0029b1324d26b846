namespace Glia.Conformance.Operations;

internal static class Losses
{
    public static OperationTable Table { get; } = new()
    {
        { "bce_with_logits", BinaryCrossEntropy },
        { "cross_entropy", CrossEntropy },
        { "mse_loss", c => Reduce(c, Loss.MeanSquaredError, (x, t) => (x - t).Square()) },
    };

    private static Tensor BinaryCrossEntropy(ConformanceCase c)
    {
        UnsupportedException.ThrowIf(c.Options.Flag("pos_weight"), "binary cross-entropy with a weight for the positive term");
        return Reduce(c, Loss.BinaryCrossEntropy, (x, t) => x.Softplus() - (x * t));
    }

    private static Tensor CrossEntropy(ConformanceCase c)
    {
        UnsupportedException.ThrowIf(c.Options.Text("target") != "indices", "cross-entropy with probabilities as targets");
        UnsupportedException.ThrowIf(c.Options.Flag("weighted"), "cross-entropy with class weights");
        UnsupportedException.ThrowIf(c.Options.Number("label_smoothing") != 0, "cross-entropy with label smoothing");
        UnsupportedException.ThrowIf(c["target"].AsSpan<long>().Contains(c.Options.Integer("ignore_index")), "cross-entropy with ignored targets");
        UnsupportedException.ThrowIf(c["input"].Rank != 2, "cross-entropy of positions");
        return Reduce(c, Loss.CrossEntropy, Tensor.SoftmaxCrossEntropy);
    }

    /// <summary>The mean is the loss itself; the others come from the losses of the elements.</summary>
    private static Tensor Reduce(ConformanceCase c, Loss mean, Func<Tensor, Tensor, Tensor> elements) => c.Options.Text("reduction") switch
    {
        "mean" => mean.Compute(c["input"], c["target"]),
        "sum" => elements(c["input"], c["target"]).Sum(),
        "none" => elements(c["input"], c["target"]),
        var other => throw new UnsupportedException($"unsupported: reduction '{other}'"),
    };
}
