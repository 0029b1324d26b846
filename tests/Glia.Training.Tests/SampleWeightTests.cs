using Glia.Data;
using Glia.Layers;
using Glia.Losses;
using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class SampleWeightTests
{
    /// <summary>Samples with weights 0, 1, 2, 3, 0, …</summary>
    private static TensorDataset Weighted(int count)
    {
        var plane = Problems.Plane(count, 1);
        return new TensorDataset(plane.Inputs, plane.Targets, Tensor.From([.. Enumerable.Range(0, count).Select(i => (float)(i % 4))]));
    }

    /// <summary>The same samples, each as often as its weight says.</summary>
    private static Dataset Repeated(TensorDataset data) =>
        new TensorDataset(data.Inputs, data.Targets).Subset([.. Enumerable.Range(0, data.Count).SelectMany(i => Enumerable.Repeat(i, i % 4))]);

    private static SequentialNetwork Model() => Network.Input(2).Dense(3).Tanh().Dense(1).Build(3);

    private static void AssertSameWeights(Module expected, Module actual)
    {
        foreach (var (key, tensor) in expected.StateDict())
            Assert.Equal(tensor.ToArray<float>(), actual.StateDict()[key].ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    [InlineData(LossReduction.BatchMean)]
    public void WeightedFullBatch_EqualsSamplesRepeated(LossReduction reduction)
    {
        var data = Weighted(20);
        var (weighted, repeated) = (Model(), Model());
        new Trainer(weighted, new MeanSquaredErrorLoss(reduction), new Sgd(0.01)).Fit(data, epochs: 5, batchSize: 20);
        new Trainer(repeated, new MeanSquaredErrorLoss(reduction), new Sgd(0.01)).Fit(Repeated(data), epochs: 5, batchSize: 100);
        AssertSameWeights(repeated, weighted);
    }

    [Theory]
    [InlineData(LossReduction.Mean, 0)]
    [InlineData(LossReduction.Mean, 0.01)]
    [InlineData(LossReduction.Sum, 0.01)]
    public void AccumulatedWeightedBatches_EqualOneLargeBatch(LossReduction reduction, double penalty)
    {
        var data = Weighted(22);
        var (large, small) = (Model(), Model());
        Trainer Make(SequentialNetwork model, int steps) => new(model, new MeanSquaredErrorLoss(reduction), new Sgd(0.02))
        {
            AccumulateSteps = steps,
            Regularizers = penalty == 0 ? [] : [new L2Regularizer(penalty)],
        };
        var whole = Make(large, 1).Fit(data, epochs: 4, batchSize: 22);
        var parts = Make(small, 8).Fit(data, epochs: 4, batchSize: 3);
        AssertSameWeights(large, small);
        if (reduction == LossReduction.Mean)
            Assert.Equal(whole.Epochs[^1].Training["loss"], parts.Epochs[^1].Training["loss"], 5);
    }

    [Fact]
    public void AccumulatedClassWeights_EqualOneLargeBatch()
    {
        var data = Problems.Clusters(31, 1);
        var loss = new CrossEntropyLoss(Tensor.From(new float[] { 1, 5, 0.2f }));
        var (large, small) = (Problems.Classifier(), Problems.Classifier());
        new Trainer(large, loss, new Sgd(0.1)).Fit(data, epochs: 4, batchSize: 31);
        new Trainer(small, loss, new Sgd(0.1)) { AccumulateSteps = 8 }.Fit(data, epochs: 4, batchSize: 4);
        AssertSameWeights(large, small);
    }

    [Fact]
    public void Evaluate_IsTheWeightedMean_WhateverTheBatches_AndMetricsAreUnweighted()
    {
        var data = Weighted(21);
        var trainer = new Trainer(Model(), Loss.MeanSquaredError, new Sgd()) { Metrics = [new MeanSquaredError()] };
        var expected = trainer.Evaluate(Repeated(data))["loss"];
        Assert.Equal(expected, trainer.Evaluate(data)["loss"], 5);
        Assert.Equal(expected, trainer.Evaluate(data, batchSize: 4)["loss"], 5);
        Assert.Equal(trainer.Evaluate(new TensorDataset(data.Inputs, data.Targets))["loss"], trainer.Evaluate(data)["mse"], 5);
    }

    [Fact]
    public void NoWeightLeftInABatchOrAtAll_LossIsZeroAndWeightsStay()
    {
        var plane = Problems.Plane(8, 1);
        var data = new TensorDataset(plane.Inputs, plane.Targets, Tensor.Zeros(8));
        var (model, before) = (Model(), Model());
        var history = new Trainer(model, Loss.MeanSquaredError, new Sgd(0.1)) { AccumulateSteps = 2 }.Fit(data, epochs: 2, batchSize: 2);
        Assert.Equal(0, history.Epochs[^1].Training["loss"]);
        AssertSameWeights(before, model);
    }

    [Fact]
    public void LossOfWholeBatches_WithWeights_IsRefusedBeforeTheFirstStep_AlsoForValidation()
    {
        var (plain, weighted) = (Problems.Plane(8, 1), Weighted(8));
        var steps = new StepAction(_ => { });
        var trainer = new Trainer(Model(), Loss.From((p, t) => (p - t).Abs().Max(), "worst error"), new Sgd()) { Callbacks = [steps] };
        const string Message = "The samples have weights, but the worst error gives one number for the whole batch, so they cannot be weighted. Use another loss, or override the weighted Compute and SupportsSampleWeights.";
        Assert.Equal(Message, Assert.Throws<NotSupportedException>(() => trainer.Fit(weighted)).Message);
        Assert.Equal(Message, Assert.Throws<NotSupportedException>(() => trainer.Fit(plain, weighted)).Message);
        Assert.Equal(Message, Assert.Throws<NotSupportedException>(() => trainer.Evaluate(weighted)).Message);
        Assert.Equal(0, steps.Steps);
    }

    [Fact]
    public void Lengths_ReachTheLayers_InFitEvaluateAndPredict()
    {
        var lengths = Enumerable.Range(0, 10).Select(i => (long)(i % 5)).ToArray();
        var inputs = Tensor.From([.. Enumerable.Range(0, 10).SelectMany(i => Enumerable.Range(0, 4).Select(t => t < i % 5 ? 1f : 100f))], (10, 4));
        var data = new TensorDataset(inputs, Tensor.From([.. lengths.Select(l => (float)l)], (10, 1)), lengths: Tensor.From(lengths));
        var model = new SumOfValid();
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(0));

        Assert.Equal(0, trainer.Fit(data, data, epochs: 1, batchSize: 3).Epochs[0].Training["loss"]);
        Assert.Equal(0, trainer.Evaluate(data, batchSize: 4)["loss"]);
        Assert.Equal(lengths.Select(l => (float)l), trainer.Predict(data, batchSize: 3).ToArray<float>());
        Assert.Equal(lengths.Select(l => (float)l), model.Predict(inputs, data.Lengths!).ToArray<float>());
        Assert.Equal((10, 1), trainer.Predict(data).Shape);
    }

    [Fact]
    public void DropLast_LeavesOutThePartialBatch()
    {
        var steps = new StepAction(state => Assert.Equal(2, state.StepsPerEpoch));
        new Trainer(Model(), Loss.MeanSquaredError, new Sgd()) { DropLast = true, Callbacks = [steps] }.Fit(Problems.Plane(11, 1), epochs: 3, batchSize: 4);
        Assert.Equal(6, steps.Steps);
    }

    [Fact]
    public void SteadyState_WithWeightsAndLengths_TakesNoNewBuffers()
    {
        var plane = Problems.Plane(24, 1);
        var data = new TensorDataset(plane.Inputs, plane.Targets, Tensor.Ones(24), Tensor.Full(24, 2, DType.Int64));
        var blocks = new List<long>();
        var watch = new StepAction(_ => blocks.Add(Glia.Memory.MemoryPool.Created));
        new Trainer(Model(), Loss.MeanSquaredError, new Adam()) { Callbacks = [watch], AccumulateSteps = 2 }.Fit(data, epochs: 8, batchSize: 4);
        Assert.Equal(blocks[3], blocks[^1]);
    }

    /// <summary>w·Σ of the valid time steps, w = 1.</summary>
    private sealed class SumOfValid : Module
    {
        private readonly Parameter _weight;

        public SumOfValid()
        {
            _weight = Add("weight", new Parameter(1));
            _weight.CopyFrom(Tensor.Ones(1));
        }

        public override Tensor Forward(Tensor input, ForwardContext context)
        {
            var time = Tensor.Arange(input.Shape[1], DType.Int64).Reshape(1, input.Shape[1]);
            var mask = Tensor.Greater(context.Lengths!.Reshape(input.Shape[0], 1), time).To(DType.Float32);
            return (input * mask).Sum([1], keepDims: true) * _weight;
        }
    }
}
