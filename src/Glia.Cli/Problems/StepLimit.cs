using Glia.Training;

namespace Glia.Cli.Problems;

/// <summary>Ends training after a number of steps.</summary>
internal sealed class StepLimit(long steps) : Callback
{
    public override void OnStepEnd(TrainingState state)
    {
        if (state.Step >= steps)
            state.Stop();
    }
}
