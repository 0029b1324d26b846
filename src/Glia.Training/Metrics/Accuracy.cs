namespace Glia.Training;

/// <summary>
/// The share of samples whose largest output is at the target class; range [0, 1]. With one output per sample, a logit above 0 means class 1.
/// </summary>
public sealed class Accuracy : Metric
{
    private long _correct;
    private long _count;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Higher;

    /// <inheritdoc/>
    public override double Value => _count == 0 ? double.NaN : _correct / (double)_count;

    /// <inheritdoc/>
    public override void Reset() => (_correct, _count) = (0, 0);

    /// <inheritdoc/>
    public override void Update(Tensor prediction, Tensor target)
    {
        var (predicted, actual) = Classes.Of("Accuracy", prediction, target);
        for (var i = 0; i < actual.Length; i++)
            _correct += predicted[i] == actual[i] ? 1 : 0;
        _count += actual.Length;
    }
}
