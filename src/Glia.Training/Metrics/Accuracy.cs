namespace Glia.Training;

/// <summary>
/// The share of samples whose largest output is at the target class; range [0, 1]. With one output per sample, a logit above 0 means class 1.
/// </summary>
/// <param name="classAxis">
/// The axis of the classes, as of the loss: 1, or −1 for (batch, time, classes). By default it is told by the shapes, which cannot tell them apart when there
/// are as many steps as classes.
/// </param>
/// <param name="ignoreIndex">A class index that marks targets not to be counted, such as padding; −100 by default.</param>
public sealed class Accuracy(int? classAxis = null, long ignoreIndex = -100) : Metric
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
        var (predicted, actual) = Classes.Of(nameof(Accuracy), prediction, target, classAxis);
        for (var i = 0; i < actual.Length; i++)
        {
            if (actual[i] == ignoreIndex)
                continue;
            _correct += predicted[i] == actual[i] ? 1 : 0;
            _count++;
        }
    }

    /// <inheritdoc/>
    public override bool SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("correct", _correct);
        writer.Write("count", _count);
        return true;
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _correct = reader.ReadInteger("correct");
        _count = reader.ReadInteger("count");
    }
}
