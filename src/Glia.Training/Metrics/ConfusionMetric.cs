namespace Glia.Training;

/// <summary>A score that follows from how often each class was predicted as which.</summary>
public abstract class ConfusionMetric : Metric
{
    private readonly Averaging _averaging;
    private readonly int? _classAxis;
    private ConfusionMatrix? _confusion;

    private protected ConfusionMetric(Averaging averaging, int? classAxis)
    {
        if (!Enum.IsDefined(averaging))
            throw new ArgumentOutOfRangeException(nameof(averaging), averaging, "The averaging must be Macro, Micro, Weighted or Binary.");
        (_averaging, _classAxis) = (averaging, classAxis);
    }

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Higher;

    /// <inheritdoc/>
    public override double Value => _confusion is null ? double.NaN : Score(_confusion, _averaging);

    /// <inheritdoc/>
    public override void Reset() => _confusion = null;

    /// <inheritdoc/>
    public override void Update(Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        _confusion ??= new ConfusionMatrix(Math.Max(2, Classes.Count(Name, prediction, target, _classAxis)));
        _confusion.Update(prediction, target, _classAxis);
    }

    /// <inheritdoc/>
    public override bool SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (_confusion is not null)
            writer.Write("counts", _confusion.Counts);
        return true;
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _confusion = reader.Contains("counts") ? ConfusionMatrix.Of(reader.ReadTensor("counts")) : null;
    }

    private protected abstract double Score(ConfusionMatrix confusion, Averaging averaging);
}
