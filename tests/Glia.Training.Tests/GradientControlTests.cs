using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class GradientControlTests
{
    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    public void AccumulatedBatches_EqualOneLargeBatch_AlsoTheLastPartialOne(LossReduction reduction)
    {
        var data = Problems.Plane(50, 1);
        var (large, small) = (Network.Input(2).Dense(1).Build(3), Network.Input(2).Dense(1).Build(3));
        var steps = new StepAction(_ => { });
        var history = new Trainer(large, new MeanSquaredErrorLoss(reduction), new Sgd(0.01)).Fit(data, epochs: 3, batchSize: 16);
        var accumulated = new Trainer(small, new MeanSquaredErrorLoss(reduction), new Sgd(0.01)) { AccumulateSteps = 4, Callbacks = [steps] }.Fit(data, epochs: 3, batchSize: 4);

        Assert.Equal(3 * 4, steps.Steps);
        if (reduction == LossReduction.Mean)
            Assert.Equal(history.Epochs[^1].Training["loss"], accumulated.Epochs[^1].Training["loss"], 5);
        foreach (var (key, tensor) in large.StateDict())
            Assert.Equal(tensor.ToArray<float>(), small.StateDict()[key].ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void AccumulatedStep_ReportsTheLossOverItsBatches()
    {
        var losses = new List<(double Loss, int Steps)>();
        var watch = new StepAction(state => losses.Add((state.Loss, state.StepsPerEpoch)));
        var model = Network.Input(2).Dense(1).Build(3);
        var data = Problems.Plane(10, 1);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(0)) { AccumulateSteps = 100, Callbacks = [watch] };
        var whole = trainer.Evaluate(data)["loss"];
        trainer.Fit(data, epochs: 1, batchSize: 3);
        var (loss, steps) = Assert.Single(losses);
        Assert.Equal(whole, loss, 5);
        Assert.Equal(1, steps);
    }

    [Fact]
    public void ClipNorm_LimitsTheStep_AndTellsTheNormBeforeIt()
    {
        var model = Network.Input(2).Dense(1).Build(3);
        var norms = new List<(double Before, double After)>();
        var watch = new StepAction(state => norms.Add((state.GradientNorm, GradientClipping.Norm(model.Parameters))));
        new Trainer(model, Loss.MeanSquaredError, new Sgd(0.01)) { ClipNorm = 0.1, Callbacks = [watch] }.Fit(Problems.Plane(32, 1), epochs: 1, batchSize: 8);
        Assert.All(norms, n => Assert.True(n.Before > 0.1 && n.After <= 0.1 && n.After > 0.0999));
    }

    [Fact]
    public void ClipValue_LimitsEveryComponent()
    {
        var model = Network.Input(2).Dense(1).Build(3);
        var watch = new StepAction(state => Assert.All(state.Model.Parameters, p => Assert.InRange(p.Grad!.Abs().Max().Item(), 0, 0.05f)));
        new Trainer(model, Loss.MeanSquaredError, new Sgd(0.01)) { ClipValue = 0.05, Callbacks = [watch] }.Fit(Problems.Plane(32, 1), epochs: 1, batchSize: 8);
        Assert.Equal(4, watch.Steps);
    }

    [Fact]
    public void InfiniteGradient_StopsTraining_WithWeightsAsBefore()
    {
        // √ has value 0 and an infinite derivative at 0.
        var model = Network.Input(1).Dense(1, useBias: false).Build(3);
        model.Parameters[0].CopyFrom(Tensor.Zeros((1, 1)));
        var trainer = new Trainer(model, Loss.From((p, _) => p.Sqrt().Sum()), new Sgd(0.1)) { ClipNorm = 1 };
        var error = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(new TensorDataset(Tensor.Ones((1, 1)), Tensor.Ones((1, 1))), epochs: 1));
        Assert.StartsWith("The gradient became infinite in epoch 1, step 1, at learning rate 0.1: infinity first appears in the gradient of the output of Dense 'dense1'.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, model.Parameters[0].Item());
    }

    [Fact]
    public void Monitor_SuggestsALimitFromThePercentiles()
    {
        var monitor = new GradientNormMonitor();
        Assert.Equal(double.NaN, monitor.SuggestedClipNorm);
        var model = Network.Input(2).Dense(1).Build(3);
        new Trainer(model, Loss.MeanSquaredError, new Sgd(0.05)) { Callbacks = [monitor] }.Fit(Problems.Plane(40, 1), epochs: 5, batchSize: 8);

        Assert.Equal(25, monitor.Norms.Count);
        Assert.Equal(monitor.Norms.Min(), monitor.Percentile(0));
        Assert.Equal(monitor.Norms.Max(), monitor.Percentile(1));
        Assert.Equal(monitor.Norms.Order().ElementAt(12), monitor.Percentile(0.5));
        Assert.InRange(monitor.SuggestedClipNorm, monitor.Percentile(0.5), monitor.Percentile(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => monitor.Percentile(1.1));
    }

    [Fact]
    public void SteadyState_WithEverything_TakesNoNewBuffers()
    {
        var blocks = new List<long>();
        var trainer = new Trainer(Problems.DropoutCnn(), new CrossEntropyLoss(ClassWeights.Balanced(Tensor.From<long>([0, 1, 2, 3]), 4), labelSmoothing: 0.1), new RMSprop(centered: true))
        {
            ClipNorm = 1,
            ClipValue = 0.1,
            AccumulateSteps = 2,
            Regularizers = [new L1Regularizer(1e-4), new L2Regularizer(1e-4)],
            Callbacks = [new MaxNorm(), new LearningRateScheduler(new CosineSchedule(1e-3, 100)), new StepAction(_ => blocks.Add(Glia.Memory.MemoryPool.Created))],
        };
        trainer.Fit(Problems.RandomImages(64, 1), epochs: 8, batchSize: 16);
        Assert.Equal(blocks[4], blocks[^1]);
    }

    [Fact]
    public void LossOfManyNumbers_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new Trainer(Problems.Classifier(), new CrossEntropyLoss(reduction: LossReduction.None), new Sgd()));
        Assert.Equal("The cross-entropy has reduction None, but training needs a single number. Give it the reduction Mean or Sum.", error.Message);
    }

    [Fact]
    public void SettingsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { ClipNorm = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { ClipValue = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { AccumulateSteps = 0 });
    }

    [Fact]
    public void ZeroWeights_StayAlikeAndFitAConstantOnly_RandomOnesLearn()
    {
        var x = Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } });
        var xor = new TensorDataset(x, Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } }));

        var zero = Network.Input(2).Dense(8).Tanh().Dense(1).Build(1);
        foreach (var parameter in zero.Parameters)
            Initializers.Initializer.Zeros.Fill(parameter, new Rng(0));
        var stuck = Fit(zero);
        var random = Fit(Network.Input(2).Dense(8).Tanh().Dense(1).Build(1));

        Assert.All(((Dense)zero.Layers[0]).Weight.ToArray<float>(), w => Assert.Equal(0, w));
        Assert.All(zero.Forward(x).ToArray<float>(), y => Assert.Equal(0.5, y, 3));
        Assert.Equal(0.25, stuck, 3);
        Assert.InRange(random, 0, 0.01);

        double Fit(SequentialNetwork model)
        {
            var trainer = new Trainer(model, Loss.MeanSquaredError, new Adam(0.05));
            trainer.Fit(xor, epochs: 300, batchSize: 4);
            return trainer.Evaluate(xor)["loss"];
        }
    }
}
