namespace Glia.Training;

/// <summary>The harmonic mean of precision and recall: 2tp / (2tp + fp + fn), 0 where nothing is right; range [0, 1].</summary>
/// <param name="averaging">How the classes become one number; their mean by default.</param>
/// <exception cref="ArgumentOutOfRangeException">The averaging is not one of the enumeration.</exception>
public sealed class F1Score(Averaging averaging = Averaging.Macro) : ConfusionMetric(averaging)
{
    /// <inheritdoc/>
    public override string Name => "f1";

    private protected override double Score(ConfusionMatrix confusion, Averaging averaging) => confusion.F1(averaging);
}
