namespace Glia.Training;

/// <summary>Something to do at fixed points of training; override what is needed.</summary>
public abstract class Callback
{
    /// <summary>Before the first epoch.</summary>
    public virtual void OnTrainingStart(TrainingState state)
    {
    }

    /// <summary>Before the first step of an epoch.</summary>
    public virtual void OnEpochStart(TrainingState state)
    {
    }

    /// <summary>After every step.</summary>
    public virtual void OnStepEnd(TrainingState state)
    {
    }

    /// <summary>After an epoch and its validation; its record is the last of the history.</summary>
    public virtual void OnEpochEnd(TrainingState state)
    {
    }

    /// <summary>After the last epoch, also when training was stopped or failed.</summary>
    public virtual void OnTrainingEnd(TrainingState state)
    {
    }
}
