using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>Where training stands, for callbacks to look at and to stop.</summary>
public sealed class TrainingState
{
    internal TrainingState(Module model, Optimizer optimizer, int epochs, int stepsPerEpoch)
    {
        Model = model;
        Optimizer = optimizer;
        Epochs = epochs;
        StepsPerEpoch = stepsPerEpoch;
    }

    /// <summary>The model being trained.</summary>
    public Module Model { get; }

    /// <summary>The optimiser; its learning rate may be changed.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The largest number of epochs.</summary>
    public int Epochs { get; }

    /// <summary>Steps (changes of the parameters) in one epoch.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Epochs completed.</summary>
    public int Epoch { get; private set; }

    /// <summary>Steps completed since training began.</summary>
    public long Step { get; private set; }

    /// <summary>Steps completed in the current epoch.</summary>
    public int StepInEpoch { get; private set; }

    /// <summary>The loss of the last step.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>
    /// The norm of the last step's gradients before clipping, over all parameters together; NaN unless <see cref="Trainer.ClipNorm"/> is set.
    /// </summary>
    public double GradientNorm { get; internal set; } = double.NaN;

    /// <summary>What was measured so far.</summary>
    public History History { get; } = new();

    /// <summary>Whether training ends after the current step.</summary>
    public bool IsStopping => History.StopReason != StopReason.Completed;

    /// <summary>Ends training after the current step.</summary>
    public void Stop(StopReason reason = StopReason.Callback)
    {
        if (!IsStopping)
            History.StopReason = reason;
    }

    internal void CompleteStep(double loss)
    {
        Loss = loss;
        Step++;
        StepInEpoch++;
    }

    internal void CompleteEpoch(EpochRecord record)
    {
        History.Add(record);
        Epoch++;
        StepInEpoch = 0;
    }
}
