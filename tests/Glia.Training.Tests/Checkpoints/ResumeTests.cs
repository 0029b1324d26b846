using Glia.Data;
using Glia.Optimizers;

namespace Glia.Training.Tests.Checkpoints;

/// <summary>A training that goes on from any of its checkpoints ends as if it had not been interrupted.</summary>
[Collection("sequential")]
public class ResumeTests
{
    private static readonly Dictionary<string, Func<Optimizer>> Optimizers = new()
    {
        ["sgd"] = () => new Sgd(0.05),
        ["momentum"] = () => new Sgd(0.05, momentum: 0.9, dampening: 0.1),
        ["nesterov"] = () => new Sgd(0.05, momentum: 0.9, nesterov: true),
        ["adam"] = () => new Adam(0.01),
        ["amsgrad"] = () => new Adam(0.01, amsGrad: true, weightDecay: 0.01),
        ["adamw"] = () => new AdamW(0.01),
        ["adamax"] = () => new Adamax(0.01),
        ["nadam"] = () => new NAdam(0.01),
        ["adagrad"] = () => new Adagrad(0.05, rateDecay: 0.01, initialAccumulator: 0.1),
        ["adadelta"] = () => new Adadelta(),
        ["rmsprop"] = () => new RMSprop(0.01, momentum: 0.5, centered: true),
    };

    private static readonly Dictionary<string, Func<Callback>> Rates = new()
    {
        ["constant"] = () => new LearningRateScheduler(new ConstantSchedule(0.02)),
        ["step"] = () => new LearningRateScheduler(new StepSchedule(0.05, 3, 0.5)),
        ["multi-step by epochs"] = () => new LearningRateScheduler(new MultiStepSchedule(0.05, [1, 2], 0.3), ScheduleUnit.Epoch),
        ["exponential"] = () => new LearningRateScheduler(new ExponentialSchedule(0.05, 0.9)),
        ["polynomial"] = () => new LearningRateScheduler(new PolynomialSchedule(0.05, 12)),
        ["cosine"] = () => new LearningRateScheduler(new CosineSchedule(0.05, 12)),
        ["restarts"] = () => new LearningRateScheduler(new CosineRestartsSchedule(0.05, 5)),
        ["one cycle"] = () => new LearningRateScheduler(new OneCycleSchedule(0.05, 12)),
        ["inverse root"] = () => new LearningRateScheduler(new InverseSqrtSchedule(0.05, 3)),
        ["warm-up"] = () => new LearningRateScheduler(new LinearWarmupSchedule(new CosineSchedule(0.05, 8), 4)),
        ["plateau"] = () => new ReduceOnPlateau(new() { Patience = 0, Threshold = 0.5, Factor = 0.5 }),
    };

    private static readonly Dictionary<string, Func<Setup>> Models = new()
    {
        ["mlp with all metrics"] = () => new(
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.01))
            {
                Metrics = [new Accuracy(), new TopKAccuracy(2), new F1Score(), new Precision(Averaging.Micro), new Recall(Averaging.Weighted), new RocAuc(), new Perplexity(), Metric.From("first", (p, _) => p.ToArray<float>()[0], MonitorMode.Lower)],
                Seed = 7,
            },
            Problems.Clusters(70, 1), Problems.Clusters(30, 2)),
        ["regression with all metrics"] = () => new(
            new Trainer(Network.Input(2).Dense(8).Tanh().Dense(1).Build(1), Loss.MeanSquaredError, new Sgd(0.1, momentum: 0.5))
            {
                Metrics = [new MeanAbsoluteError(), new MeanSquaredError(), new RootMeanSquaredError(), new RSquared()],
            },
            Problems.Plane(70, 1), Problems.Plane(30, 2)),
        ["cnn with batch norm and dropout"] = () => new(
            new Trainer(Problems.DropoutCnn(), Loss.CrossEntropy, new AdamW(0.01)) { Metrics = [new Accuracy()], Seed = 3 },
            Problems.RandomImages(70, 1).Augment(new ImageAugmentation { HorizontalFlip = true, Noise = 0.1 }, 5), Problems.RandomImages(20, 2)),
        ["lstm"] = () => new(
            new Trainer(Network.Input(6, 2).Lstm(5).Dropout(0.2).Dense(3).Build(1), Loss.CrossEntropy, new Adam(0.01)) { ClipNorm = 1 }, Sequences(70, 1), Sequences(30, 2)),
        ["lstm of lengths and weights"] = () => new(
            new Trainer(Network.Input(6, 2).Lstm(5).Dense(3).Build(1), Loss.CrossEntropy, new Adam(0.01)), Weighted(Sequences(70, 1)), Weighted(Sequences(30, 2))),
        ["stateful lstm"] = () => new(
            new Trainer(Network.Input(6, 2).Lstm(5, options: new() { Stateful = true }).Dense(3).Build(1), Loss.CrossEntropy, new Adam(0.01)) { Shuffle = false, Callbacks = [new ResetStates()] },
            Sequences(64, 1), Sequences(32, 2)),
        ["stateful gru without resets"] = () => new(
            new Trainer(Network.Input(6, 2).Gru(5, options: new() { Stateful = true }).Dense(3).Build(1), Loss.CrossEntropy, new Adam(0.01)) { Shuffle = false }, Sequences(64, 1)),
        ["accumulation and penalties"] = () => new(
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd(0.1, momentum: 0.9))
            {
                AccumulateSteps = 3,
                Regularizers = [new L1Regularizer(1e-3), new L2Regularizer(1e-2)],
                ClipValue = 0.5,
                DropLast = true,
            },
            Problems.Clusters(150, 1), null, 4),
        ["sample weights"] = () => new(
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.01)) { AccumulateSteps = 2 }, Weighted(Problems.Clusters(100, 1)), Problems.Clusters(30, 2)),
        ["all callbacks"] = () => new(
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd(0.5, momentum: 0.9))
            {
                ClipNorm = 1,
                Metrics = [new Accuracy()],
                Callbacks = [new EarlyStopping(patience: 2), new MaxNorm(1), new GradientNormMonitor(), new TrainingDoctor(), new ReduceOnPlateau(new() { Patience = 1 }), new Unfreezing()],
            },
            Problems.Clusters(70, 1, spread: 1), Problems.Clusters(30, 2, spread: 1), 12),
        ["early stopping"] = () => new(
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.3)) { Callbacks = [new EarlyStopping(patience: 1)] }, Problems.Clusters(40, 1, spread: 2), Problems.Clusters(30, 2, spread: 2), 12),
        ["groups of parameters"] = () =>
        {
            var model = Problems.Classifier();
            return new(new Trainer(model, Loss.CrossEntropy, new Adam(0.01).AddGroup(model.Layers[^1].Parameters, learningRate: 0.001, weightDecay: 0.1)), Problems.Clusters(70, 1));
        },
        ["stop in the middle of an epoch"] = () => new(
            new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.01)) { Callbacks = [new StepAction(state => { if (state.Step >= 8) state.Stop(); })] }, Problems.Clusters(90, 1)),
    };

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Keys];

    public static TheoryData<string> RateNames => [.. Rates.Keys];

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void EveryOptimizer_GoesOnToTheSameBits(string name) => GoesOn(() => new(
        new Trainer(Problems.Classifier(), Loss.CrossEntropy, Optimizers[name]()), Problems.Clusters(70, 1)));

    [Theory]
    [MemberData(nameof(RateNames))]
    public void EverySchedule_GoesOnToTheSameBits(string name) => GoesOn(() => new(
        new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd(0.05)) { Callbacks = [Rates[name]()] }, Problems.Clusters(70, 1)));

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void EveryKindOfTraining_GoesOnToTheSameBits(string name) => GoesOn(Models[name]);

    [Fact]
    public void Schedules_AreAllTried() => Assert.Equal(
        typeof(Schedule).Assembly.GetTypes().Count(t => t.IsPublic && t.IsSubclassOf(typeof(Schedule))), Rates.Count - 1);

    [Fact]
    public void Optimizers_AreAllTried() => Assert.Empty(
        typeof(Optimizer).Assembly.GetTypes().Where(t => t.IsPublic && t.IsSubclassOf(typeof(Optimizer))).Except(Optimizers.Values.Select(make => make().GetType())));

    [Fact]
    public void CallbacksThatRemember_HaveTheSameAgain()
    {
        using var folder = new TemporaryFolder();
        var (whole, resumed) = (Models["all callbacks"](), Models["all callbacks"]());
        var save = new SaveAt(folder.Path, 17);
        whole.Trainer.Callbacks.Add(save);
        whole.Fit();
        resumed.Fit(Checkpoint.Load(Assert.Single(save.Files)));
        static T One<T>(Setup setup) => setup.Trainer.Callbacks.OfType<T>().Single();
        Assert.Equal(One<GradientNormMonitor>(whole).Norms, One<GradientNormMonitor>(resumed).Norms);
        Assert.Equal(One<ReduceOnPlateau>(whole).State, One<ReduceOnPlateau>(resumed).State);
        Assert.Equal(Timeless(One<TrainingDoctor>(whole)), Timeless(One<TrainingDoctor>(resumed)));

        static string Timeless(TrainingDoctor doctor) => (doctor.Record! with { Epochs = [] }).ToJson();
    }

    [Fact]
    public void OtherNumberOfThreads_GivesTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var threads = Device.Threads;
        try
        {
            var setup = Models["cnn with batch norm and dropout"];
            var (whole, resumed) = (setup(), setup());
            var save = new SaveAt(folder.Path, 7);
            whole.Trainer.Callbacks.Add(save);
            Device.Threads = 1;
            var history = whole.Fit();
            Device.Threads = 4;
            Setup.AssertSame(whole, history, resumed, resumed.Fit(Checkpoint.Load(Assert.Single(save.Files))));
        }
        finally
        {
            Device.Threads = threads;
        }
    }

    [Fact]
    public void MoreEpochs_GoOnWhereTrainingEnded()
    {
        using var folder = new TemporaryFolder();
        var setup = Models["mlp with all metrics"];
        var (shorter, longer, resumed) = (setup(), setup() with { Epochs = 5 }, setup() with { Epochs = 5 });
        shorter.Trainer.Callbacks.Add(new ModelCheckpoint(folder.Path));
        shorter.Fit();
        Setup.AssertSame(longer, longer.Fit(), resumed, resumed.Fit(Checkpoint.Latest(folder.Path)));
    }

    /// <summary>Two checkpoints within epochs and the one at the end of an epoch; fewer would do, but positions differ.</summary>
    private static void GoesOn(Func<Setup> make)
    {
        using var folder = new TemporaryFolder();
        var whole = make();
        var save = new SaveAt(folder.Path, 1, 5, 7);
        whole.Trainer.Callbacks.Add(save);
        var history = whole.Fit();
        Assert.InRange(save.Files.Count, 3, 4);
        foreach (var file in save.Files)
        {
            var resumed = make();
            Setup.AssertSame(whole, history, resumed, resumed.Fit(Checkpoint.Load(file)));
        }
    }

    private static TensorDataset Sequences(int count, ulong seed)
    {
        var rng = new Rng(seed);
        return new(Tensor.Normal(rng, (count, 6, 2)), Tensor.From([.. Enumerable.Range(0, count).Select(i => (long)(i % 3))]));
    }

    private static TensorDataset Weighted(TensorDataset data) => new(
        data.Inputs, data.Targets, Tensor.From([.. Enumerable.Range(0, data.Count).Select(i => i % 4 / 2f)]),
        data.Inputs.Rank > 2 ? Tensor.From([.. Enumerable.Range(0, data.Count).Select(i => (long)(1 + (i % 6)))]) : null);

    /// <summary>Freezes the first layer, and sets it free in the second epoch.</summary>
    private sealed class Unfreezing : Callback
    {
        public override void OnTrainingStart(TrainingState state) => state.Model.Parameters[0].IsTrainable = state.Epoch > 0 && state.Model.Parameters[0].IsTrainable;

        public override void OnEpochStart(TrainingState state)
        {
            if (state.Epoch == 1)
                state.Model.Parameters[0].IsTrainable = true;
        }
    }
}
