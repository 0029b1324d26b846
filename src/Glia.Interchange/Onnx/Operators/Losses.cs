using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Losses as operators: of log-probabilities, or of scores.</summary>
internal static class Losses
{
    private const string Common = "ignore_index:i reduction:s=none|sum|mean";

    public static Operator[] All =>
    [
        new("NegativeLogLikelihoodLoss", 12, "2-3", Common, c => [new(Loss(c, c.X), c.Type(0))]),
        new("SoftmaxCrossEntropyLoss", 12, "2-3", Common, c =>
        {
            var logs = c.X.LogSoftmax(1);
            return [new(Loss(c, logs), c.Type(0)), new(logs, c.Type(0))];
        }),
    ];

    /// <summary>−weight[target]·x[target] for each place; the mean divides by the sum of the weights that counted.</summary>
    private static Tensor Loss(NodeCall c, Tensor logs)
    {
        var classes = logs.Shape[1];
        var ignored = c.Attributes.Has("ignore_index") ? c.Attributes.Int("ignore_index", 0) : (long?)null;
        var target = c.In(1).To(DType.Int64);
        var safe = Make(target.Shape, DType.Int64, (target, ignored, classes), static (s, y) =>
        {
            for (var i = 0; i < y.Count; i++)
            {
                var label = s.target.AsSpan<long>()[i];
                if (label != s.ignored && (label < 0 || label >= s.classes))
                    throw new ArgumentException($"class indices from 0 to {s.classes - 1} were expected but got {label}.");
                y.AsWritableSpan<long>()[i] = label == s.ignored ? 0 : label;
            }
        });
        var chosen = logs.Gather(1, safe.Reshape(new Shape([target.Shape[0], 1, .. target.Shape.Sizes[1..]]))).Reshape(target.Shape);
        var weights = c.Maybe(2) is { } given ? given.IndexSelect(0, safe.Reshape(safe.Count)).Reshape(target.Shape) : Generation.Full(target.Shape, 1, logs.DType);
        if (ignored is { } label)
        {
            var isIgnored = Map(target, DType.Bool, x => x == label ? 1 : 0);
            weights = Tensor.Where(isIgnored, Scalar(0, logs.DType), weights);
            chosen = Tensor.Where(isIgnored, Scalar(0, logs.DType), chosen);
        }
        var losses = -(chosen * weights);
        return c.Text("reduction", "mean") switch
        {
            "none" => losses,
            "sum" => losses.Sum(),
            _ => losses.Sum() / weights.Sum(),
        };
    }
}
