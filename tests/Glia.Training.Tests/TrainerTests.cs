using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class TrainerTests
{
    [Fact]
    public void SeparableClusters_AreLearnedPerfectly()
    {
        var model = Problems.Classifier();
        var trainer = new Trainer(model, Loss.CrossEntropy, new Adam(0.02)) { Metrics = [new Accuracy()] };

        var history = trainer.Fit(Problems.Clusters(150, 1), Problems.Clusters(60, 2), epochs: 20, batchSize: 16);

        Assert.Equal(20, history.Epochs.Count);
        Assert.Equal(StopReason.Completed, history.StopReason);
        Assert.Equal(1, trainer.Evaluate(Problems.Clusters(90, 3))["accuracy"]);
        Assert.True(history.Epochs[^1].Training["loss"] < history.Epochs[0].Training["loss"] / 10);
    }

    [Fact]
    public void LinearTarget_IsRecoveredByOneDenseLayer()
    {
        var model = Network.Input(2).Dense(1).Build(3);
        new Trainer(model, Loss.MeanSquaredError, new Sgd(0.2)).Fit(Problems.Plane(200, 1), epochs: 60, batchSize: 20);

        var dense = (Dense)model.Layers[0];
        Assert.Equal(3, dense.Weight[0, 0], 3);
        Assert.Equal(-2, dense.Weight[0, 1], 3);
        Assert.Equal(1, dense.Bias![0], 3);
    }

    [Fact]
    public void OneBatchWithEverything_IsFullBatchDescent()
    {
        var data = Problems.Plane(50, 1);
        var model = Network.Input(2).Dense(1).Build(3);
        var history = new Trainer(model, Loss.MeanSquaredError, new Sgd(0.1)) { Callbacks = [] }.Fit(data, epochs: 3, batchSize: 50);

        var by = Network.Input(2).Dense(1).Build(3);
        var optimizer = new Sgd(0.1).Attach(by.Parameters);
        var losses = new List<double>();
        for (var step = 0; step < 3; step++)
        {
            optimizer.ZeroGrad();
            var loss = Loss.MeanSquaredError.Compute(by.Forward(data.Inputs), data.Targets);
            losses.Add(loss.Item());
            loss.Backward();
            optimizer.Step();
        }

        for (var step = 0; step < 3; step++)
            Assert.Equal(losses[step], history.Epochs[step].Training["loss"], 5);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 3)]
    public void SameSeed_GivesSameBits_WhateverTheThreads(int threads1, int threads2)
    {
        var weights1 = TrainWith(threads1, seed: 5);
        var weights2 = TrainWith(threads2, seed: 5);

        Assert.Equal(weights1.Length, weights2.Length);
        Assert.Equal(weights1, weights2);
    }

    [Fact]
    public void AnotherSeed_GivesOtherWeights() => Assert.NotEqual(TrainWith(1, seed: 5), TrainWith(1, seed: 6));

    [Fact]
    public void SteadyState_TakesNoNewBuffers_AndCausesNoOldGenerationCollections()
    {
        var counter = new BufferCounter();
        var trainer = new Trainer(Problems.DropoutCnn(), Loss.CrossEntropy, new Adam()) { Callbacks = [counter] };

        trainer.Fit(Problems.RandomImages(64, 1), epochs: 12, batchSize: 16);

        Assert.Equal(counter.Blocks[2], counter.Blocks[^1]);
        Assert.Equal(counter.Collections[2], counter.Collections[^1]);
    }

    [Fact]
    public void Cancellation_EndsAfterTheCurrentStep_AndKeepsTheBestWeights()
    {
        using var source = new CancellationTokenSource();
        var stopper = new StepAction(state =>
        {
            if (state.Step == 25)
                source.Cancel();
        });
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Adam(0.01)) { Callbacks = [new EarlyStopping(), stopper] };

        var history = trainer.Fit(Problems.Clusters(160, 1), Problems.Clusters(60, 2), epochs: 50, batchSize: 16, cancellation: source.Token);

        Assert.Equal(StopReason.Cancelled, history.StopReason);
        Assert.Equal(3, history.Epochs.Count);
        Assert.Equal(25, stopper.Steps);
        Assert.NotNull(history.RestoredEpoch);
    }

    [Fact]
    public void DivergingLoss_ThrowsWithEpochStepAndRate_AndWeightsStayFinite()
    {
        var model = Network.Input(2).Dense(1).Build(3);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(1e20));

        var error = Assert.Throws<TrainingDivergedException>(() => trainer.Fit(Problems.Plane(64, 1), epochs: 5, batchSize: 8));

        Assert.Matches("^The loss became (NaN|infinite) in epoch 1, step \\d+, at learning rate 1E\\+20: (NaN|infinity) first appears in .*\\. Try a learning rate ten times smaller", error.Message);
        Assert.All(model.Parameters, p => Assert.All(p.ToArray<float>(), w => Assert.True(float.IsFinite(w))));
    }

    [Fact]
    public void SoftmaxBeforeCrossEntropy_IsRefused()
    {
        var model = Network.Input(2).Dense(3).Softmax().Build();
        var error = Assert.Throws<ArgumentException>(() => new Trainer(model, Loss.CrossEntropy, new Sgd()));
        Assert.Equal(
            "The model ends in Softmax 'softmax1', but cross-entropy takes logits and applies softmax itself. Remove that layer; Predict and Softmax() give probabilities.",
            error.Message);
    }

    [Fact]
    public void ModelWithoutTrainableParameters_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new Trainer(Network.Input(2).ReLU().Build(), Loss.MeanSquaredError, new Sgd()));
        Assert.Equal("The model has no trainable parameters, so there is nothing to train.", error.Message);
    }

    [Fact]
    public void FrozenParameters_StayAsTheyAre()
    {
        var model = Problems.Classifier();
        var frozen = ((Dense)model.Layers[0]).Weight;
        frozen.IsTrainable = false;
        var before = frozen.ToArray<float>();

        new Trainer(model, Loss.CrossEntropy, new Adam(0.05)).Fit(Problems.Clusters(60, 1), epochs: 2, batchSize: 16);

        Assert.Equal(before, frozen.ToArray<float>());
    }

    [Fact]
    public void DecoupledDecay_LeavesBiasesAlone_InATrainer_ButNotInALoopOfOnesOwn()
    {
        // Zero gradients: only the decay moves anything.
        Assert.Equal((0.9f, 1f), DecayOnce((optimizer, model) => optimizer.Attach(model.Parameters, decayAll: false)));
        Assert.Equal((0.9f, 0.9f), DecayOnce((optimizer, model) => optimizer.Attach(model.Parameters)));

        static (float Weight, float Bias) DecayOnce(Action<Optimizer, Dense> attach)
        {
            var model = new Dense(1, 1);
            model.Weight.AsWritableSpan<float>()[0] = 1;
            model.Bias!.AsWritableSpan<float>()[0] = 1;
            var optimizer = new AdamW(learningRate: 1, weightDecay: 0.1);
            attach(optimizer, model);
            (model.Forward(Tensor.Zeros((1, 1))) * 0).Sum().Backward();
            optimizer.Step();
            return (model.Weight.AsSpan<float>()[0], model.Bias.AsSpan<float>()[0]);
        }
    }

    [Fact]
    public void EmptyData_IsRefused()
    {
        var empty = new TensorDataset(Tensor.Zeros((0, 2)), Tensor.Zeros(0, DType.Int64));
        var trainer = new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd());
        Assert.Contains("the data set is empty", Assert.Throws<ArgumentException>(() => trainer.Fit(empty)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_WeighsThePartialBatchByItsSize()
    {
        var model = Network.Input(2).Dense(1).Build(3);
        var data = Problems.Plane(10, 4);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd());

        Assert.Equal(trainer.Evaluate(data, batchSize: 10)["loss"], trainer.Evaluate(data, batchSize: 4)["loss"], 5);
    }

    private static float[] TrainWith(int threads, ulong seed)
    {
        var before = Device.Threads;
        Device.Threads = threads;
        try
        {
            var model = Problems.DropoutCnn(seed);
            new Trainer(model, Loss.CrossEntropy, new AdamW(3e-3)) { Seed = seed }.Fit(Problems.RandomImages(70, 9), epochs: 3, batchSize: 16);
            return [.. model.StateDict().Values.SelectMany(t => t.ToArray<float>())];
        }
        finally
        {
            Device.Threads = before;
        }
    }

    private sealed class BufferCounter : Callback
    {
        public List<long> Blocks { get; } = [];

        public List<int> Collections { get; } = [];

        public override void OnEpochEnd(TrainingState state)
        {
            Blocks.Add(Glia.Memory.MemoryPool.Created);
            Collections.Add(GC.CollectionCount(1));
        }
    }
}
