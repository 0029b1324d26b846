namespace Glia.Training;

/// <summary>A training under way. Between epochs it can rest, keeping weights, optimiser and callbacks, and go on as if it had not rested.</summary>
internal sealed class TrainingCourse(Trainer trainer, TrainingState state, Func<TrainingStep> createStep, Action<TrainingStep, CancellationToken> runEpoch)
{
    private bool _hasEnded;

    public TrainingState State { get; } = state;

    /// <summary>Trains up to so many epochs in total, unless a callback stops it before.</summary>
    /// <param name="epochs">How many.</param>
    /// <param name="cancellation">Ends training after the current step.</param>
    /// <param name="epochEnded">Called after each epoch.</param>
    public void Continue(int epochs, CancellationToken cancellation, Action<TrainingState>? epochEnded = null)
    {
        if (State.Epoch >= epochs || State.IsStopping)
            return;
        var training = createStep();
        while (State.Epoch < epochs && !State.IsStopping)
        {
            try
            {
                runEpoch(training, cancellation);
            }
            catch (TrainingDivergedException failure)
            {
                State.Failure = failure;
                throw;
            }
            if (cancellation.IsCancellationRequested)
                State.Stop(StopReason.Cancelled);
            epochEnded?.Invoke(State);
        }
    }

    /// <summary>Tells the callbacks that training has ended; once.</summary>
    public void End()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        foreach (var callback in trainer.Callbacks)
            callback.OnTrainingEnd(State);
    }
}
