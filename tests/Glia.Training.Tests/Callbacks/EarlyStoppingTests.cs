using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class EarlyStoppingTests
{
    [Fact]
    public void NoImprovement_StopsAfterPatience_AndRestoresTheBestEpoch()
    {
        // A rate of 0 improves nothing after the first epoch.
        var model = Problems.Classifier();
        var before = model.StateDict().ToDictionary(p => p.Key, p => p.Value.ToArray<float>());
        var trainer = new Trainer(model, Loss.CrossEntropy, new Sgd(0)) { Callbacks = [new EarlyStopping(patience: 3)] };

        var history = trainer.Fit(Problems.Clusters(60, 1), Problems.Clusters(30, 2), epochs: 20, batchSize: 16);

        Assert.Equal(StopReason.EarlyStopping, history.StopReason);
        Assert.Equal(4, history.Epochs.Count);
        Assert.Equal(1, history.RestoredEpoch);
        Assert.All(model.StateDict(), p => Assert.Equal(before[p.Key], p.Value.ToArray<float>()));
    }

    [Fact]
    public void WorseningValidation_LeavesTheModelWithItsBestWeights()
    {
        var validation = Problems.Clusters(30, 2);
        var model = Problems.Classifier();
        // The rate is raised absurdly after the third epoch, so that everything after it is worse.
        var spoiler = new RateAt(3, 50);
        var trainer = new Trainer(model, Loss.CrossEntropy, new Sgd(0.1)) { Callbacks = [new EarlyStopping(patience: 2), spoiler], Metrics = [new Accuracy()] };

        var history = trainer.Fit(Problems.Clusters(60, 1), validation, epochs: 20, batchSize: 16);

        var best = history.Epochs.MinBy(e => e.Validation!["loss"])!;
        Assert.Equal(best.Epoch, history.RestoredEpoch);
        Assert.Equal(best.Validation!["loss"], trainer.Evaluate(validation)["loss"], 6);
    }

    [Fact]
    public void HigherIsBetter_WatchesAMetric()
    {
        var stopping = new EarlyStopping(patience: 2, monitor: "accuracy", mode: MonitorMode.Higher);
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.05)) { Callbacks = [stopping], Metrics = [new Accuracy()] };

        var history = trainer.Fit(Problems.Clusters(150, 1), Problems.Clusters(30, 2), epochs: 50, batchSize: 16);

        Assert.Equal(StopReason.EarlyStopping, history.StopReason);
        Assert.Equal(1, history.Epochs[history.RestoredEpoch!.Value - 1].Validation!["accuracy"]);
    }

    [Fact]
    public void UnknownMonitor_IsNamedWithWhatIsMeasured()
    {
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { Callbacks = [new EarlyStopping(monitor: "auc")] };
        var error = Assert.Throws<ArgumentException>(() => trainer.Fit(Problems.Clusters(30, 1), epochs: 1));
        Assert.Equal("EarlyStopping watches 'auc', but training measures loss. Add the metric to the trainer, or watch one of these.", error.Message);
    }

    private sealed class RateAt(int epoch, double rate) : Callback
    {
        public override void OnEpochEnd(TrainingState state)
        {
            if (state.History.Epochs.Count == epoch)
                state.Optimizer.LearningRate = rate;
        }
    }
}
