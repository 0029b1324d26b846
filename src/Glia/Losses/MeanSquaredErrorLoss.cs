namespace Glia.Losses;

/// <summary>The mean of (prediction − target)².</summary>
internal sealed class MeanSquaredErrorLoss : Loss
{
    public override string Name => "mean squared error";

    public override Tensor Compute(Tensor prediction, Tensor target)
    {
        Same.Shapes(Name, prediction, target);
        return (prediction - target).Square().Mean();
    }
}

internal static class Same
{
    /// <summary>(32, 1) against (32,) would broadcast to (32, 32) and train nonsense, so the shapes must be equal.</summary>
    public static void Shapes(string loss, Tensor prediction, Tensor target)
    {
        if (prediction.Shape != target.Shape)
            throw ShapeException.Of(loss, "prediction and target of one shape", $"{prediction.Shape} and {target.Shape}", "Reshape the target, for example to (batch, 1).");
    }
}
