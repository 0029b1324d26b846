using Glia.Losses;

namespace Glia.Training;

/// <summary>
/// e to the mean cross-entropy: among how many equally likely classes the model is as unsure, for language models; range [1, ∞). Takes logits and class
/// indices as <see cref="CrossEntropyLoss"/> does.
/// </summary>
/// <param name="ignoreIndex">A class index that marks targets not to be counted, such as padding; −100 by default.</param>
/// <param name="classAxis">The axis of the classes: 1 by default; −1 for the last one, as in (batch, time, classes).</param>
public sealed class Perplexity(long ignoreIndex = -100, int classAxis = 1) : Metric
{
    private readonly CrossEntropyLoss _loss = new(ignoreIndex: ignoreIndex, reduction: LossReduction.Sum, classAxis: classAxis);
    private double _sum;
    private long _count;

    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <inheritdoc/>
    public override MonitorMode Mode => MonitorMode.Lower;

    /// <inheritdoc/>
    public override double Value => _count == 0 ? double.NaN : Math.Exp(_sum / _count);

    /// <inheritdoc/>
    public override void Reset() => (_sum, _count) = (0, 0);

    /// <inheritdoc/>
    public override void Update(Tensor prediction, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(target);
        _sum += _loss.Compute(prediction.Detach().To(DType.Float64), target).Item();
        _count += target.Count - System.MemoryExtensions.Count(target.To(DType.Int64).AsSpan<long>(), ignoreIndex);
    }

    /// <inheritdoc/>
    public override bool SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("sum", _sum);
        writer.Write("count", _count);
        return true;
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _sum = reader.ReadNumber("sum");
        _count = reader.ReadInteger("count");
    }
}
