namespace Glia.Training;

/// <summary>Something measured over many batches. Subclass it for a metric of your own.</summary>
public abstract class Metric
{
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
}
