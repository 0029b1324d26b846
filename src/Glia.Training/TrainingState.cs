using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training;

/// <summary>Where training stands, for callbacks to look at and to stop.</summary>
public sealed class TrainingState
{
    private IReadOnlyList<(string Name, string Value)>? _settings;

    internal TrainingState(Trainer trainer, Dataset trainingData, Dataset? validationData, int epochs, int stepsPerEpoch, int batchSize)
    {
        Trainer = trainer;
        TrainingData = trainingData;
        ValidationData = validationData;
        Epochs = epochs;
        StepsPerEpoch = stepsPerEpoch;
        BatchSize = batchSize;
    }

    /// <summary>Who trains, with its settings.</summary>
    public Trainer Trainer { get; }

    /// <summary>The model being trained.</summary>
    public Module Model => Trainer.Model;

    /// <summary>The optimiser; its learning rate may be changed.</summary>
    public Optimizer Optimizer => Trainer.Optimizer;

    /// <summary>The samples learned from.</summary>
    public Dataset TrainingData { get; }

    /// <summary>The samples measured on after every epoch; null when there are none.</summary>
    public Dataset? ValidationData { get; }

    /// <summary>Samples in a batch.</summary>
    public int BatchSize { get; }

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

    /// <summary>Why training failed, in the last call of a callback; null while it has not.</summary>
    public TrainingDivergedException? Failure { get; internal set; }

    /// <summary>What was measured so far.</summary>
    public History History { get; } = new();

    /// <summary>Whether training ends after the current step.</summary>
    public bool IsStopping => History.StopReason != StopReason.Completed;

    /// <summary>Batches completed in the current epoch, when it is between two steps.</summary>
    internal int BatchInEpoch { get; private set; }

    /// <summary>The losses of the current epoch, up to the last step.</summary>
    internal WeightedMean EpochMean { get; private set; }

    /// <summary>Seconds spent on the steps of the current epoch.</summary>
    internal double EpochSeconds { get; private set; }

    /// <summary>What must be the same for a checkpoint to fit.</summary>
    internal IReadOnlyList<(string Name, string Value)> Settings => _settings ??= TrainingSettings.Of(this);

    /// <summary>Ends training after the current step.</summary>
    public void Stop(StopReason reason = StopReason.Callback)
    {
        if (!IsStopping)
            History.StopReason = reason;
    }

    internal void CompleteStep(double loss)
    {
        Loss = loss;
        if (Step == 0)
            History.FirstLoss = loss;
        Step++;
        StepInEpoch++;
    }

    internal void CompleteEpoch(EpochRecord record)
    {
        History.Add(record);
        Epoch++;
        StepInEpoch = 0;
        Mark(0, default, 0);
    }

    /// <summary>Says how far the epoch is, for a checkpoint.</summary>
    internal void Mark(int batchInEpoch, WeightedMean mean, double seconds) => (BatchInEpoch, EpochMean, EpochSeconds) = (batchInEpoch, mean, seconds);

    /// <summary>Goes on from where training stood.</summary>
    internal void Resume(long step, int epoch, int stepInEpoch, double loss) => (Step, Epoch, StepInEpoch, Loss) = (step, epoch, stepInEpoch, loss);
}
