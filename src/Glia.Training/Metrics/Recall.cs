namespace Glia.Training;

/// <summary>Of the samples of a class, the share predicted as it: tp / (tp + fn), 0 where there are none; range [0, 1].</summary>
/// <param name="averaging">How the classes become one number; their mean by default.</param>
/// <exception cref="ArgumentOutOfRangeException">The averaging is not one of the enumeration.</exception>
public sealed class Recall(Averaging averaging = Averaging.Macro) : ConfusionMetric(averaging)
{
    /// <inheritdoc/>
    public override string Name => "recall";

    private protected override double Score(ConfusionMatrix confusion, Averaging averaging) => confusion.Recall(averaging);
}
