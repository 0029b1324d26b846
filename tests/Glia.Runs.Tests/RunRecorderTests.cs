using Glia.Data;
using Glia.Training;

namespace Glia.Runs.Tests;

public sealed class RunRecorderTests : IDisposable
{
    private readonly TempStore _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Training_IsRecordedWholly()
    {
        var store = _temp.Open();
        var watch = new Watch();
        var trainer = TempStore.Trainer(watch, new TrainingDoctor(), new RunRecorder(store) { Name = "first", Data = "clusters", Tags = new Dictionary<string, RunValue> { ["why"] = "a test" } });
        var history = trainer.Fit(TempStore.Clusters(), TempStore.Clusters(2), epochs: 3, batchSize: 16);

        var run = Assert.Single(store.List());
        Assert.Equal(("first", "clusters", "accuracy", 7UL), (run.Description.Name, run.Description.Data, run.Description.Measure, run.Description.Seed));
        Assert.Equal((RunState.Completed, 3, 12L, "Completed"), (run.State, run.Epochs, run.Steps, run.StopReason));
        Assert.Equal(history.Verdict.ToString(), run.Verdict);
        Assert.Equal(22, run.Description.Parameters);
        Assert.Contains("Dense", run.Description.Model, StringComparison.Ordinal);
        Assert.Equal(DataFingerprint.Of(TempStore.Clusters()), run.Description.Fingerprint);
        Assert.Equal("a test", run.Description.Tags["why"].Text);
        Assert.Equal(0.01, run.Description.Settings["learningRate"].Number);
        Assert.Equal(16, run.Description.Settings["batchSize"].Number);
        Assert.Equal(Environment.MachineName, run.Environment["machine"].Text);
        Assert.Equal(Device.Threads, run.Environment["threads"].Number);
        Assert.InRange((run.Ended!.Value - run.Started).TotalSeconds, 0, 60);

        Assert.Equal(watch.Losses.Select((loss, i) => new StepValue(i + 1, loss)), store.Steps(run.Id, RunRecorder.Loss));
        Assert.Equal(watch.Norms.Select((norm, i) => new StepValue(i + 1, norm)), store.Steps(run.Id, RunRecorder.GradientNorm));
        Assert.Equal([new StepValue(1, 0.01)], store.Steps(run.Id, RunRecorder.LearningRate));
        Assert.Equal(["gradient_norm", "learning_rate", "loss"], store.StepMetrics(run.Id));
        var epochs = store.Epochs(run.Id);
        Assert.Equal(history.Epochs.Select(e => (e.Epoch, e.LearningRate, e.TrainingSeconds)), epochs.Select(e => (e.Epoch, e.LearningRate, e.TrainingSeconds)));
        foreach (var (expected, actual) in history.Epochs.Zip(epochs))
        {
            Assert.Equal(expected.Training.OrderBy(v => v.Key), actual.Training.OrderBy(v => v.Key));
            Assert.Equal(expected.Validation!.OrderBy(v => v.Key), actual.Validation!.OrderBy(v => v.Key));
        }
        Assert.Equal(history.Epochs[^1].Validation!["loss"], run.Results["val_loss"].Number);
        Assert.Equal(trainer.Callbacks.OfType<TrainingDoctor>().Single().Findings, store.Findings(run.Id));
    }

    [Fact]
    public void BestEpoch_GivesTheResults()
    {
        var store = _temp.Open();
        using var run = store.Begin(new RunDescription { Name = "best" });
        for (var epoch = 1; epoch <= 3; epoch++)
            run.AddEpoch(Record(epoch, loss: epoch, validation: Math.Abs(2 - epoch)));
        run.Complete(StopReason.EarlyStopping, bestEpoch: 2, "fine");
        var found = store.Find("last");
        Assert.Equal((2, 2.0, 0.0, 1.5), (found.BestEpoch, found.Results["loss"].Number, found.Results["val_loss"].Number, found.Results["seconds"].Number));
    }

    [Fact]
    public void ChangingRate_IsRecordedWhereItChanges()
    {
        var store = _temp.Open();
        TempStore.Trainer(new LearningRateScheduler(new StepSchedule(0.1, 3, 0.5)), new RunRecorder(store)).Fit(TempStore.Clusters(), epochs: 3, batchSize: 64);
        TempStore.Trainer(new LearningRateScheduler(new CosineSchedule(0.1, 4)), new RunRecorder(store)).Fit(TempStore.Clusters(), epochs: 1, batchSize: 16);
        Assert.Single(store.Steps(store.List()[1].Id, RunRecorder.LearningRate));
        Assert.Equal(4, store.Steps("last", RunRecorder.LearningRate).Count);
    }

    [Fact]
    public void Divergence_IsAFailureWithItsReason()
    {
        var store = _temp.Open();
        var points = Tensor.Ones((4, 2));
        points.AsWritableSpan<float>()[0] = float.NaN;
        var bad = new TensorDataset(points, Tensor.From([0L, 1, 0, 1]));
        var failure = Assert.Throws<TrainingDivergedException>(() => TempStore.Trainer(new RunRecorder(store)).Fit(bad, epochs: 1));
        var run = store.Find("last");
        Assert.Equal((RunState.Failed, failure.Message), (run.State, run.Failure));
    }

    [Fact]
    public void ExceptionOfACallback_IsAFailure()
    {
        var store = _temp.Open();
        Assert.Throws<InvalidOperationException>(() => TempStore.Trainer(new RunRecorder(store), new Watch { ThrowsAt = 2 }).Fit(TempStore.Clusters(), epochs: 2, batchSize: 16));
        Assert.Equal((RunState.Failed, "Training was left by an exception.", 2L), (store.Find("last").State, store.Find("last").Failure, store.Find("last").Steps));
    }

    [Fact]
    public void Recorder_ChangesNothingOfTheTraining()
    {
        var (plain, recorded) = (TempStore.Trainer(), TempStore.Trainer(new RunRecorder(_temp.Open())));
        plain.Fit(TempStore.Clusters(), epochs: 2);
        recorded.Fit(TempStore.Clusters(), epochs: 2);
        foreach (var (expected, actual) in plain.Model.Parameters.Zip(recorded.Model.Parameters))
            Assert.Equal(expected.ToArray<float>(), actual.ToArray<float>());
    }

    [Fact]
    public void ResultsAndArtefacts_CanBeAddedAfterTraining()
    {
        var store = _temp.Open();
        var recorder = new RunRecorder(store);
        TempStore.Trainer(recorder).Fit(TempStore.Clusters(), epochs: 1);
        var file = Path.Combine(_temp.Folder, "größe.bin");
        File.WriteAllBytes(file, [1, 2, 3]);
        recorder.Run!.AddResults(new Dictionary<string, RunValue> { ["test_loss"] = 0.5 });
        recorder.Run.AddArtefact(file, "model");
        Assert.Equal(0.5, store.Find("last").Results["test_loss"].Number);
        Assert.Equal([new RunArtefact(file, "model", 3, "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81")], store.Artefacts("last"));
        Assert.Equal(RunState.Completed, store.Find("last").State);
    }

    [Fact]
    public void StoreThatCannotBegin_WarnsOnceAndTrainingGoesOn()
    {
        var store = _temp.Open();
        var warnings = new List<string>();
        store.Dispose();
        File.Delete(_temp.Path);
        var history = TempStore.Trainer(new RunRecorder(store) { Warn = warnings.Add }).Fit(TempStore.Clusters(), epochs: 2);
        Assert.Equal(2, history.Epochs.Count);
        Assert.StartsWith("The run is not being recorded; training goes on. The run store '", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static EpochRecord Record(int epoch, double loss, double validation) => new()
    {
        Epoch = epoch,
        LearningRate = 0.1,
        TrainingSeconds = 0.5,
        Training = new Dictionary<string, double> { ["loss"] = loss },
        Validation = new Dictionary<string, double> { ["loss"] = validation },
    };

    private sealed class Watch : Callback
    {
        public List<double> Losses { get; } = [];

        public List<double> Norms { get; } = [];

        public int ThrowsAt { get; init; }

        public override void OnStepEnd(TrainingState state)
        {
            Losses.Add(state.Loss);
            Norms.Add(state.GradientNorm);
            if (state.Step == ThrowsAt)
                throw new InvalidOperationException("as asked");
        }
    }
}
