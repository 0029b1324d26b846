using Glia.Data;
using Glia.Diagnostics;
using Glia.Layers;
using Glia.Training.Diagnostics;

namespace Glia.Training;

/// <summary>
/// Watches training and says what is wrong, from which numbers, why, and what to do. As a callback:
/// <code>
/// var doctor = new TrainingDoctor();
/// new Trainer(model, Loss.CrossEntropy, new Adam(1e-3)) { Callbacks = [doctor] }.Fit(train, validation);
/// foreach (var finding in doctor.Findings)
///     Console.WriteLine(finding);
/// </code>
/// Before training, <see cref="Examine(Module, Loss, Dataset, Dataset?)"/> looks at data and model; after it, <see cref="Examine(RunRecord)"/> at a record that was kept.
/// It looks at some steps only, often at the start and some fifty times in a hundred thousand, and changes nothing: the same seed gives the same weights with it.
/// </summary>
public sealed class TrainingDoctor : Callback
{
    private const int ProbeSamples = 64;

    private TrainingState? _state;
    private LossTrace _losses = new();
    private Prober? _prober;
    private RunSettings _settings = new();
    private DataProfile? _data;
    private ModelProfile? _model;

    /// <summary>What was found up to now, the worst first; empty before training.</summary>
    public IReadOnlyList<Finding> Findings => Record is { } record ? Examine(record) : [];

    /// <summary>What was measured up to now; null before training.</summary>
    public RunRecord? Record => Build();

    /// <summary>Looks at data and model before training, and whether the model can learn one batch by heart. The model is left as it was.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">What is to be made small.</param>
    /// <param name="train">The samples to learn from.</param>
    /// <param name="validation">Samples to validate on; null for none.</param>
    /// <returns>What was found, the worst first.</returns>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static IReadOnlyList<Finding> Examine(Module model, Loss loss, Dataset train, Dataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(train);
        if (train.Count == 0)
            throw new ArgumentException("Examine expects at least one sample but the data set is empty.");
        return Examine(new RunRecord
        {
            Settings = new() { Loss = loss.Name },
            Data = DataProfiler.Measure(train, validation, loss),
            Model = ModelProfiler.Measure(model, loss, ProbeBatch(train), triesOneBatch: true),
        });
    }

    /// <summary>Looks at a record of data, model and training.</summary>
    /// <param name="record">The record.</param>
    /// <returns>What was found, the worst first.</returns>
    public static IReadOnlyList<Finding> Examine(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return RuleBook.Examine(record);
    }

    /// <inheritdoc/>
    public override void OnTrainingStart(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var batch = ProbeBatch(state.TrainingData);
        var trainer = state.Trainer;
        (_losses, _state) = (new(), state);
        _settings = new RunSettings
        {
            Optimizer = state.Optimizer.Name,
            LearningRate = state.Optimizer.LearningRate,
            BatchSize = state.BatchSize,
            Epochs = state.Epochs,
            StepsPerEpoch = state.StepsPerEpoch,
            ClipNorm = trainer.ClipNorm,
            Loss = trainer.Loss.Name,
        };
        _data = DataProfiler.Measure(state.TrainingData, state.ValidationData, trainer.Loss);
        _model = ModelProfiler.Measure(state.Model, trainer.Loss, batch, triesOneBatch: false);
        _prober = new Prober(state.Model, batch, seesActivations: !StatefulLayers.AreIn(state.Model));
    }

    /// <inheritdoc/>
    public override void OnGradients(TrainingState state) => _prober!.BeforeStep(state.Step + 1);

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _losses.Add(state.Loss);
        _prober!.AfterStep(state.Step);
    }

    /// <inheritdoc/>
    public override void SaveState(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Build() is not { } record)
            return;
        // Epochs and losses are in the checkpoint already.
        writer.Write("record", (record with { Epochs = [], Losses = [], StopReason = StopReason.Completed }).ToJson());
        writer.Write("nextProbe", _prober!.Next);
        _losses.SaveState(writer.In("losses"));
    }

    /// <inheritdoc/>
    public override void LoadState(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var record = RunRecord.FromJson(reader.ReadText("record"));
        (_settings, _data, _model) = (record.Settings with { Epochs = _settings.Epochs }, record.Data, record.Model);
        _prober!.Resume(record.Probes, reader.ReadNumber("nextProbe"));
        _losses.LoadState(reader.In("losses"));
    }

    private RunRecord? Build() => _state is not { } state ? null : new RunRecord
    {
        Settings = _settings,
        Data = _data!,
        Model = _model!,
        Losses = _losses.ToList(),
        LossStride = _losses.Stride,
        Epochs = [.. state.History.Epochs],
        Probes = [.. _prober!.Probes],
        Failure = state.Failure?.Message,
        FailureStep = state.Failure?.Step,
        FailureLayer = state.Failure?.Origin?.Layer,
        StopReason = state.History.StopReason,
        RestoredEpoch = state.History.RestoredEpoch,
    };

    private static Batch ProbeBatch(Dataset data)
    {
        // A loader uses its memory again, and this batch is kept.
        var loader = new DataLoader(data, Math.Min(ProbeSamples, data.Count), shuffle: true, seed: 0, prefetch: 0);
        var batch = loader.Epoch().First();
        return new Batch(batch.Input.Clone(), batch.Target.Clone()) { Lengths = batch.Lengths?.Clone(), SampleWeights = batch.SampleWeights?.Clone() };
    }
}
