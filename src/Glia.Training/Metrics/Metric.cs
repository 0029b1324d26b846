namespace Glia.Training;

/// <summary>Something measured over many batches. Subclass it for a metric of your own, or make one of a function with <see cref="From"/>.</summary>
public abstract class Metric
{
    /// <summary>A metric of your own: the mean of a function of batches, weighted by their numbers of samples.</summary>
    /// <param name="name">The name under which it is reported.</param>
    /// <param name="function">The value of a batch, from prediction and target.</param>
    /// <param name="mode">Which way it improves.</param>
    public static Metric From(string name, Func<Tensor, Tensor, double> function, MonitorMode mode)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);
        return new FunctionMetric(name, function, mode);
    }

    /// <summary>The name under which it is reported, such as <c>accuracy</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Which way it improves.</summary>
    public abstract MonitorMode Mode { get; }

    /// <summary>The value over everything since the last <see cref="Reset"/>; NaN when there was nothing.</summary>
    public abstract double Value { get; }

    /// <summary>Starts anew.</summary>
    public abstract void Reset();

    /// <summary>Takes in a batch.</summary>
    /// <param name="prediction">What the model made (logits, for a classifier).</param>
    /// <param name="target">What it should have made.</param>
    public abstract void Update(Tensor prediction, Tensor target);

    /// <summary>
    /// Writes what was taken in since the last <see cref="Reset"/> into a checkpoint. False, the default, where that cannot be done: checkpoints are then made between epochs only,
    /// when there is nothing to write.
    /// </summary>
    /// <param name="writer">Takes numbers and tensors under names of the metric's own.</param>
    public virtual bool SaveState(CheckpointWriter writer) => false;

    /// <summary>Takes back what <see cref="SaveState"/> wrote.</summary>
    /// <param name="reader">Gives it under the same names.</param>
    public virtual void LoadState(CheckpointReader reader)
    {
    }

    private sealed class FunctionMetric(string name, Func<Tensor, Tensor, double> function, MonitorMode mode) : Metric
    {
        private double _sum;
        private long _samples;

        public override string Name => name;

        public override MonitorMode Mode => mode;

        public override double Value => _samples == 0 ? double.NaN : _sum / _samples;

        public override void Reset() => (_sum, _samples) = (0, 0);

        public override void Update(Tensor prediction, Tensor target)
        {
            ArgumentNullException.ThrowIfNull(prediction);
            var samples = prediction.Rank == 0 ? 1 : prediction.Shape[0];
            _sum += samples * function(prediction.Detach(), target);
            _samples += samples;
        }

        public override bool SaveState(CheckpointWriter writer)
        {
            writer.Write("sum", _sum);
            writer.Write("samples", _samples);
            return true;
        }

        public override void LoadState(CheckpointReader reader) => (_sum, _samples) = (reader.ReadNumber("sum"), reader.ReadInteger("samples"));
    }
}
