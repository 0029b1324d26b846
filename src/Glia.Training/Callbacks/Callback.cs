namespace Glia.Training;

/// <summary>
/// Something to do at fixed points of training; override what is needed. In an epoch the order is: epoch start, then for each step its start, gradients and end, then validation
/// start and epoch end.
/// </summary>
public abstract class Callback
{
    /// <summary>Before the first epoch, or before the first step when training goes on from a checkpoint.</summary>
    public virtual void OnTrainingStart(TrainingState state)
    {
    }

    /// <summary>Before the first step of an epoch.</summary>
    public virtual void OnEpochStart(TrainingState state)
    {
    }

    /// <summary>Before every step: the gradients are cleared next, then its first batch goes through the model.</summary>
    public virtual void OnStepStart(TrainingState state)
    {
    }

    /// <summary>
    /// When a step has all its gradients, before they are clipped and the parameters change: look at or change the <see cref="Tensor.Grad"/> of the model's parameters.
    /// </summary>
    public virtual void OnGradients(TrainingState state)
    {
    }

    /// <summary>After every step.</summary>
    public virtual void OnStepEnd(TrainingState state)
    {
    }

    /// <summary>After the last step of an epoch, before its validation; only when there are samples to validate on.</summary>
    public virtual void OnValidationStart(TrainingState state)
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

    /// <summary>
    /// Writes what the callback remembers into a checkpoint, so that a training that goes on from it has it again. Called between two steps; nothing is written by default, which is
    /// right for one that remembers nothing.
    /// </summary>
    /// <param name="writer">Takes texts, numbers and tensors under names of the callback's own.</param>
    public virtual void SaveState(CheckpointWriter writer)
    {
    }

    /// <summary>Takes back what <see cref="SaveState"/> wrote; called after <see cref="OnTrainingStart"/>, and not when nothing was written.</summary>
    /// <param name="reader">Gives it under the same names.</param>
    public virtual void LoadState(CheckpointReader reader)
    {
    }

    /// <summary>After a step or an epoch, when all callbacks have done their part, so that what is saved here is what the next step begins with.</summary>
    /// <param name="state">Where training stands.</param>
    /// <param name="isLast">Whether training ends here, or was asked to.</param>
    internal virtual void OnSafePoint(TrainingState state, bool isLast)
    {
    }
}
