using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests.Tuning;

[Collection("sequential")]
public class LearningRateTunerTests
{
    [Theory]
    [InlineData(1e-7)]
    [InlineData(1e-3)]
    [InlineData(0.05)]
    [InlineData(0.24)]
    [InlineData(0.26)]
    [InlineData(0.9)]
    [InlineData(100)]
    public void Quadratic_RateIsBelowTheThresholdAndNoTenthOfIt(double start)
    {
        var tuning = new LearningRateTuner(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd(start)) { Largest = 1000 }.Run(TuningProblems.Quadratic(), batchSize: 8);
        Assert.InRange(tuning.Rate, TuningProblems.Threshold / 10, TuningProblems.Threshold * 0.999);
        Assert.True(tuning.IsConclusive);
    }

    [Fact]
    public void DivergingRates_AreDividedByTen()
    {
        var tuning = new LearningRateTuner(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd(25)) { Largest = 1000 }.Run(TuningProblems.Quadratic(), batchSize: 8);
        Assert.Equal([25, 2.5, 0.25], tuning.Trials.Take(3).Select(t => t.Rate));
        Assert.All(tuning.Trials.Take(2), t => Assert.Equal(LearningRateVerdict.Diverges, t.Verdict));
        Assert.Matches(@"^rate 25: the loss rose from \S+ to \S+ within 2 steps: it diverges\. Next 2\.5\.$", tuning.Sentences[0]);
        Assert.StartsWith($"Learning rate {tuning.Rate}: the loss fell consistently, from ", tuning.Conclusion, StringComparison.Ordinal);
        Assert.Equal(tuning.Trials.Count + 1, tuning.Sentences.Count);
    }

    [Fact]
    public void SlowRate_IsMultipliedByFive()
    {
        var tuning = new LearningRateTuner(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd(1e-6)).Run(TuningProblems.Quadratic(), batchSize: 8);
        Assert.Equal([1e-6, 5e-6], tuning.Trials.Take(2).Select(t => t.Rate));
        Assert.Equal(LearningRateVerdict.TooSlow, tuning.Trials[0].Verdict);
        Assert.Contains("too slowly. Next 5E-06.", tuning.Trials[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void TrialsThatEndOnAPlateau_AreMadeLonger()
    {
        // From small weights the signs of a product are learned after a long while in which 2 is the best answer.
        var (x, y) = Products(64);
        var model = Network.Input(2).Dense(8).Tanh().Dense(1).Build(seed: 3);
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(parameter * 0.25f);
        var tuning = new LearningRateTuner(model, Loss.MeanSquaredError, new Sgd(0.02)) { Steps = 20 }.Run(new TensorDataset(x, y), batchSize: 32);
        var first = tuning.Trials.TakeWhile(t => t.Losses.Count <= 20).Count();
        Assert.True(first >= 1 && first < tuning.Trials.Count, string.Join("\n", tuning.Sentences));
        Assert.All(tuning.Trials.Take(first).Where(t => t.Verdict != LearningRateVerdict.Diverges), t => Assert.InRange(t.EndLoss, 0.95, 3));
        Assert.Contains(" in longer trials, since those of 20 steps end where an answer that ignores the input does: ", tuning.Trials[first].Sentence, StringComparison.Ordinal);
        Assert.Equal(80, tuning.Trials[first].Losses.Count);
        Assert.True(tuning.Trials.Skip(first).Min(t => t.EndLoss) < 0.7, string.Join('\n', tuning.Sentences));
    }

    [Fact]
    public void LossOfConstant_IsTheVarianceOrTheEntropy()
    {
        var targets = Tensor.From([.. Enumerable.Range(0, 64).Select(i => i % 4 == 0 ? 3f : -1f)], (64, 1));
        var squares = new ShortTraining(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd(1), new TensorDataset(Tensor.Zeros((64, 1)), targets), 16, 1, shuffle: true);
        Assert.Equal(3, squares.LossOfConstant(default)!.Value, 0.03);
        var labels = Tensor.From([.. Enumerable.Range(0, 64).Select(i => i % 4 == 0 ? 0L : 1L)]);
        var classes = new ShortTraining(Network.Input(1).Dense(2).Build(), Loss.CrossEntropy, new Sgd(1), new TensorDataset(Tensor.Zeros((64, 1)), labels), 16, 1, shuffle: true);
        Assert.Equal(-(0.25 * Math.Log(0.25)) - (0.75 * Math.Log(0.75)), classes.LossOfConstant(default)!.Value, 0.02);
    }

    private static (Tensor X, Tensor Y) Products(int count)
    {
        var x = Tensor.From([.. Enumerable.Range(0, count).SelectMany(i => new[] { i % 2 == 0 ? 1f : -1f, i / 2 % 2 == 0 ? 1f : -1f })], (count, 2));
        return (x, Tensor.From([.. Enumerable.Range(0, count).Select(i => (i % 2 == 0) == (i / 2 % 2 == 0) ? 3f : 1f)], (count, 1)));
    }

    [Fact]
    public void EveryOptimizer_GetsARate()
    {
        Optimizer[] optimizers = [new Sgd(1e-4), new Sgd(10, momentum: 0.9), new Adam(1e-5), new AdamW(10), new RMSprop(1e-5), new Adagrad(1e-3), new NAdam(1), new Adamax(1e-4)];
        foreach (var optimizer in optimizers)
        {
            var data = Problems.Clusters(120, 1);
            var model = Problems.Classifier();
            var tuning = new LearningRateTuner(model, Loss.CrossEntropy, optimizer).Run(data);
            optimizer.LearningRate = tuning.Rate;
            var trainer = new Trainer(model, Loss.CrossEntropy, optimizer) { Metrics = [new Accuracy()] };
            trainer.Fit(data, epochs: 40);
            Assert.True(trainer.Evaluate(data)["accuracy"] > 0.98, $"{optimizer.Name} at {tuning.Rate}: {string.Join('\n', tuning.Sentences)}");
        }
    }

    [Fact]
    public void Everything_IsPutBackToTheBits()
    {
        var (tuned, other) = (Problems.DropoutCnn(), Problems.DropoutCnn());
        var data = Problems.RandomImages(40, 1);
        var (ownOptimizer, otherOptimizer) = (Trained(tuned), Trained(other));
        var before = TuningProblems.Bits(tuned, ownOptimizer);
        var tuning = new LearningRateTuner(tuned, Loss.CrossEntropy, ownOptimizer) { Steps = 32 }.Run(data, data, batchSize: 8);
        Assert.Equal(before, TuningProblems.Bits(tuned, ownOptimizer));
        Assert.All(tuned.Parameters, p => Assert.Null(p.Grad));
        Assert.All(tuning.Trials.Where(t => t.Verdict != LearningRateVerdict.Diverges), t => Assert.NotNull(t.ValidationLoss));

        Step(tuned, ownOptimizer);
        Step(other, otherOptimizer);
        Assert.Equal(TuningProblems.Bits(other, otherOptimizer), TuningProblems.Bits(tuned, ownOptimizer));

        Adam Trained(Module model)
        {
            var optimizer = new Adam(1e-3);
            new Trainer(model, Loss.CrossEntropy, optimizer).Fit(data, epochs: 2, batchSize: 8);
            model.ZeroGrad();
            return optimizer;
        }

        void Step(Module model, Optimizer optimizer)
        {
            var step = new TrainingStep(model, Loss.CrossEntropy, optimizer);
            foreach (var batch in new DataLoader(data, 8).Epoch())
                step.Run(batch.Input, batch.Target);
        }
    }

    [Fact]
    public void StateOfStatefulLayers_IsPutBack()
    {
        var model = Network.Input(5, 1).Lstm(4, returnSequences: true, new() { Stateful = true }).Dense(1).Build(seed: 1);
        var data = new TensorDataset(Tensor.Normal(new Rng(1), (12, 5, 1)), Tensor.Normal(new Rng(2), (12, 5, 1)));
        model.Forward(Tensor.Normal(new Rng(3), (3, 5, 1)));
        var layer = RecurrentAnalysis.LayersOf(model).Values.Single();
        var kept = layer.KeptState!;
        new LearningRateTuner(model, Loss.MeanSquaredError, new Adam()) { Steps = 16, Shuffle = false }.Run(data, data, batchSize: 4);
        Assert.Equal(kept.Hidden.ToArray<float>(), layer.KeptState!.Hidden.ToArray<float>());
        Assert.Equal(kept.Cell!.ToArray<float>(), layer.KeptState.Cell!.ToArray<float>());
    }

    [Fact]
    public void SameSeed_GivesTheSameSentences_WhateverTheThreads()
    {
        string[] Sentences(int threads, ulong seed)
        {
            var before = Device.Threads;
            Device.Threads = threads;
            try
            {
                return [.. new LearningRateTuner(Problems.DropoutCnn(), Loss.CrossEntropy, new Adam()) { Seed = seed, Steps = 32 }.Run(Problems.RandomImages(60, 1), batchSize: 16).Sentences];
            }
            finally
            {
                Device.Threads = before;
            }
        }
        var one = Sentences(1, 3);
        Assert.Equal(one, Sentences(2, 3));
        Assert.NotEqual(one, Sentences(1, 4));
    }

    [Fact]
    public void OneSample_EndsWithARate() =>
        Assert.True(new LearningRateTuner(Problems.Classifier(), Loss.CrossEntropy, new Adam()).Run(Problems.Clusters(1, 1)).IsConclusive);

    [Fact]
    public void ConstantLoss_KeepsTheRateAndSaysSo()
    {
        var flat = Loss.From((prediction, _) => (prediction * 0).Sum() + 3, "flat loss");
        var tuning = new LearningRateTuner(Problems.Classifier(), flat, new Sgd(0.02)).Run(Problems.Clusters(12, 1));
        Assert.Equal(0.02, tuning.Rate);
        Assert.False(tuning.IsConclusive);
        Assert.StartsWith("The loss did not fall at any of the ", tuning.Conclusion, StringComparison.Ordinal);
        Assert.InRange(tuning.Trials.Count, 1, 20);
    }

    [Fact]
    public void LossOfZero_KeepsTheRateWithoutATrial()
    {
        var tuning = new LearningRateTuner(Problems.Classifier(), Loss.From((prediction, _) => (prediction * 0).Sum(), "no loss"), new Sgd(0.02)).Run(Problems.Clusters(12, 1));
        Assert.Empty(tuning.Trials);
        Assert.Equal("The loss is 0 before any learning, so that there is nothing to tune; the learning rate stays 0.02.", tuning.Conclusion);
    }

    [Fact]
    public void AllRatesDiverge_IsAnErrorThatSaysHow()
    {
        var tuner = new LearningRateTuner(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd(50)) { Smallest = 3, Largest = 100 };
        var message = Assert.Throws<TrainingDivergedException>(() => tuner.Run(TuningProblems.Quadratic())).Message;
        Assert.StartsWith("The loss diverges at each of the 2 learning rates that were tried, from 50 down to 5; the last time the loss rose from ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void LossThatIsNotFinite_IsAnErrorBeforeAnyTrial()
    {
        var data = new TensorDataset(Tensor.From([float.NaN, 1], (2, 1)), Tensor.From([1f, 1], (2, 1)));
        Assert.Equal(
            "The loss is NaN before any learning, so no learning rate can help. Check that the inputs are finite and scaled.",
            Assert.Throws<TrainingDivergedException>(() => new LearningRateTuner(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd()).Run(data)).Message);
    }

    [Fact]
    public void FrozenModelOrNoData_IsRefused()
    {
        var frozen = Problems.Classifier();
        foreach (var parameter in frozen.Parameters)
            parameter.IsTrainable = false;
        Assert.Contains("nothing to train", Assert.Throws<ArgumentException>(() => new LearningRateTuner(frozen, Loss.CrossEntropy, new Sgd()).Run(Problems.Clusters(9, 1))).Message, StringComparison.Ordinal);
        var empty = Problems.Clusters(9, 1).Subset([]);
        Assert.Contains("the data set is empty", Assert.Throws<ArgumentException>(() => new LearningRateTuner(Problems.Classifier(), Loss.CrossEntropy, new Sgd()).Run(empty)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LearningRateTuner(Problems.Classifier(), Loss.CrossEntropy, new Sgd(100)).Run(Problems.Clusters(9, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateTuner(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { Steps = 15 }.Run(Problems.Clusters(9, 1)));
    }

    [Fact]
    public void Trials_AreLimitedInNumberAndTold()
    {
        var told = new List<LearningRateTrial>();
        var tuning = new LearningRateTuner(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd(1e-6)) { MaxTrials = 3, OnTrial = told.Add }.Run(TuningProblems.Quadratic());
        Assert.Equal(3, tuning.Trials.Count);
        Assert.Equal(tuning.Trials, told);
        Assert.DoesNotContain("Next", tuning.Trials[2].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_PutsEverythingBack()
    {
        var (model, optimizer) = (Problems.Classifier(), new Adam());
        optimizer.Attach(model.Parameters);
        var before = TuningProblems.Bits(model, optimizer);
        using var source = new CancellationTokenSource();
        var tuner = new LearningRateTuner(model, Loss.CrossEntropy, optimizer) { OnTrial = _ => source.Cancel() };
        Assert.Throws<OperationCanceledException>(() => tuner.Run(Problems.Clusters(60, 1), cancellation: source.Token));
        Assert.Equal(before, TuningProblems.Bits(model, optimizer));
    }
}
