namespace Glia.Training.Tuning;

/// <summary>A trial at work. Where the search's method has rungs it rests after each, and goes on from its state if it is promoted.</summary>
public abstract class TrialRun : IDisposable
{
    /// <summary>What else was measured for the last score, by name.</summary>
    public virtual IReadOnlyDictionary<string, double> Metrics { get; } = new Dictionary<string, double>();

    /// <summary>Training steps so far.</summary>
    public virtual long Steps => 0;

    /// <summary>
    /// The model's weights where it was best, in the way of <see cref="Layers.Module.StateDict"/>; null where there is no single such model. They may be changed by going on.
    /// </summary>
    public virtual IReadOnlyDictionary<string, Tensor>? BestWeights => null;

    /// <summary>
    /// Works until the trial has spent <paramref name="resource"/> in total. The result must depend on the trial and that number only, not on where it rested:
    /// a search that goes on from a journal makes again what a trial did before.
    /// </summary>
    /// <param name="resource">What it may have spent afterwards, more than before.</param>
    /// <param name="cancellation">When it is cancelled, throw <see cref="OperationCanceledException"/>.</param>
    /// <returns>How good it is. NaN, an infinite value or an exception is a failure of this trial, which the search records before it goes on.</returns>
    public abstract double Advance(int resource, CancellationToken cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the trial holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
