namespace Glia.Training;

/// <summary>
/// Sets the states that stateful recurrent layers keep back to zeros before every epoch, so that each epoch reads the data from its beginning; see
/// <see cref="Layers.Module.ResetState"/>.
/// </summary>
public sealed class ResetStates : Callback
{
    /// <inheritdoc/>
    public override void OnEpochStart(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Model.ResetState();
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        // So that its absence is noticed.
        writer.Write("at", "epochs");
    }
}
