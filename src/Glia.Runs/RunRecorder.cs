using System.Diagnostics;
using Glia.Layers;
using Glia.Training;

namespace Glia.Runs;

/// <summary>
/// Records a training in a <see cref="RunStore"/>: settings, environment, loss, learning rate and gradient norm of every step, metrics of every epoch, what a <see cref="TrainingDoctor"/>
/// among the callbacks found, and how it ended. It changes nothing of the training, and a store that fails does not stop it: see <see cref="Warn"/>.
/// </summary>
public sealed class RunRecorder : Callback
{
    /// <summary>The metric of <see cref="TrainingState.Loss"/>.</summary>
    public const string Loss = "loss";

    /// <summary>The metric of the learning rate, kept at the steps at which it changes.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>The metric of <see cref="TrainingState.GradientNorm"/>, where that is known.</summary>
    public const string GradientNorm = "gradient_norm";

    private readonly RunStore? _store;
    private double _rate = double.NaN;
    private double _lastRate = double.NaN;

    /// <summary>A recorder that begins a run in a store when training starts, and completes it when training ends.</summary>
    /// <param name="store">The store; it must stay open while training goes on.</param>
    public RunRecorder(RunStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
    }

    /// <summary>A recorder for a run that has begun already, and that somebody else completes; <see cref="Name"/> and the like are not looked at.</summary>
    /// <param name="run">The run.</param>
    public RunRecorder(RunWriter run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Run = run;
    }

    /// <summary>What the run is called; the type of the model by default.</summary>
    public string? Name { get; init; }

    /// <summary>What the data are called.</summary>
    public string Data { get; init; } = "";

    /// <summary>A hash that identifies the data; <see cref="DataFingerprint.Of"/> the training samples by default.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Settings beyond those that the trainer knows.</summary>
    public IReadOnlyDictionary<string, RunValue> Settings { get; init; } = new Dictionary<string, RunValue>();

    /// <summary>Words of the user's own to find the run by.</summary>
    public IReadOnlyDictionary<string, RunValue> Tags { get; init; } = new Dictionary<string, RunValue>();

    /// <summary>Told once, in a sentence, when the store cannot be written; perhaps from another thread. By default a warning of <see cref="Trace"/>.</summary>
    public Action<string> Warn { get; init; } = message => Trace.TraceWarning(message);

    /// <summary>The run being recorded, to which results and artefacts can be added, also after training; null before training and when the store cannot be written.</summary>
    public RunWriter? Run { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainingStart(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _lastRate = double.NaN;
        if (_store is null)
            return;
        try
        {
            Run = _store.Begin(Describe(state));
            Run.Warn = Warn;
        }
        catch (RunStoreException e)
        {
            Run = null;
            Warn($"The run is not being recorded; training goes on. {e.Message}");
        }
    }

    /// <inheritdoc/>
    public override void OnGradients(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        // At the end of the step a scheduler may have set that of the next.
        _rate = state.Optimizer.LearningRate;
    }

    /// <inheritdoc/>
    public override void OnStepEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Run is not { } run)
            return;
        run.AddStep(state.Step, Loss, state.Loss);
        if (_rate != _lastRate)
            run.AddStep(state.Step, LearningRate, _lastRate = _rate);
        if (!double.IsNaN(state.GradientNorm))
            run.AddStep(state.Step, GradientNorm, state.GradientNorm);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Run?.AddEpoch(state.History.Epochs[^1]);
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (Run is not { } run)
            return;
        if (state.Trainer.Callbacks.OfType<TrainingDoctor>().FirstOrDefault() is { } doctor)
            run.AddFindings(doctor.Findings);
        if (_store is null)
            return;
        var history = state.History;
        if (state.Failure is { } failure)
            run.Fail(failure.Message);
        else if (history.StopReason == StopReason.Completed && state.Epoch < state.Epochs)
            run.Fail("Training was left by an exception.");
        else
            run.Complete(history.StopReason, history.RestoredEpoch, history.Epochs.Count == 0 ? null : history.Verdict.ToString());
    }

    private RunDescription Describe(TrainingState state)
    {
        var network = state.Model as SequentialNetwork;
        return new RunDescription
        {
            Name = Name ?? state.Model.GetType().Name,
            Seed = state.Trainer.Seed,
            Data = Data,
            Fingerprint = Fingerprint ?? DataFingerprint.Of(state.TrainingData),
            Family = state.Model.GetType().Name,
            Model = network?.Summary().ToString() ?? "",
            Parameters = state.Model.Parameters.Sum(p => (long)p.Shape.Count),
            Measure = state.Trainer.Metrics is [var first, ..] ? first.Name : Loss,
            Settings = SettingsOf(state).Concat(Settings).GroupBy(s => s.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal),
            Tags = Tags,
        };
    }

    internal static Dictionary<string, RunValue> SettingsOf(TrainingState state)
    {
        var trainer = state.Trainer;
        var settings = new Dictionary<string, RunValue>(StringComparer.Ordinal)
        {
            ["optimizer"] = state.Optimizer.Name,
            ["learningRate"] = state.Optimizer.LearningRate,
            ["lossFunction"] = trainer.Loss.Name,
            ["batchSize"] = state.BatchSize,
            ["maxEpochs"] = state.Epochs,
            ["stepsPerEpoch"] = state.StepsPerEpoch,
            ["samples"] = state.TrainingData.Count,
        };
        if (state.ValidationData is { } validation)
            settings["validationSamples"] = validation.Count;
        if (trainer.ClipNorm is { } norm)
            settings["clipNorm"] = norm;
        if (trainer.ClipValue is { } limit)
            settings["clipValue"] = limit;
        if (trainer.AccumulateSteps > 1)
            settings["accumulateSteps"] = trainer.AccumulateSteps;
        if (!trainer.Shuffle)
            settings["shuffle"] = "false";
        return settings;
    }
}
