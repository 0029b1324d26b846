namespace Glia.Training;

/// <summary>Of the samples predicted as a class, the share that is of it: tp / (tp + fp), 0 where none was; range [0, 1].</summary>
/// <param name="averaging">How the classes become one number; their mean by default.</param>
/// <exception cref="ArgumentOutOfRangeException">The averaging is not one of the enumeration.</exception>
public sealed class Precision(Averaging averaging = Averaging.Macro) : ConfusionMetric(averaging)
{
    /// <inheritdoc/>
    public override string Name => "precision";

    private protected override double Score(ConfusionMatrix confusion, Averaging averaging) => confusion.Precision(averaging);
}
