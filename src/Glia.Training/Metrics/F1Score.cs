namespace Glia.Training;

/// <summary>The harmonic mean of precision and recall: 2tp / (2tp + fp + fn), 0 where nothing is right; range [0, 1].</summary>
/// <param name="averaging">How the classes become one number; their mean by default.</param>
/// <param name="classAxis">
/// The axis of the classes, as of the loss: 1, or −1 for (batch, time, classes). By default it is told by the shapes, which cannot tell them apart when there
/// are as many steps as classes.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">The averaging is not one of the enumeration.</exception>
public sealed class F1Score(Averaging averaging = Averaging.Macro, int? classAxis = null) : ConfusionMetric(averaging, classAxis)
{
    /// <inheritdoc/>
    public override string Name => "f1";

    private protected override double Score(ConfusionMatrix confusion, Averaging averaging) => confusion.F1(averaging);
}
