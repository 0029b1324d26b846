namespace Glia.Training.Tests;

/// <summary>Does something after every step.</summary>
internal sealed class StepAction(Action<TrainingState> action) : Callback
{
    public int Steps { get; private set; }

    public override void OnStepEnd(TrainingState state)
    {
        Steps++;
        action(state);
    }
}
