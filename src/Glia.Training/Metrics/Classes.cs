namespace Glia.Training;

/// <summary>From a classifier's outputs to class indices.</summary>
internal static class Classes
{
    /// <summary>The largest output's index per row; with one output per row, 1 where its logit is above 0.</summary>
    public static Tensor Of(Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(logits);
        var detached = logits.Detach();
        if (logits.Rank < 2 || logits.Shape[-1] == 1)
            return Tensor.Greater(detached, Tensor.Scalar(0, logits.DType, logits.Device)).Reshape(logits.Count).To(DType.Int64);
        return detached.ArgMax().Reshape(logits.Count / logits.Shape[-1]);
    }
}
