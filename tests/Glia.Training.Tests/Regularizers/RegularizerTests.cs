using Glia.Data;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests;

[Collection("sequential")]
public class RegularizerTests
{
    [Fact]
    public void Penalties_FollowTheirFormulas()
    {
        var weight = new Parameter(3);
        weight.CopyFrom(Tensor.From([1f, -2, 0]));
        Assert.Equal(0.3, new L1Regularizer(0.1).Penalty(weight).Item(), 6);
        Assert.Equal(0.5, new L2Regularizer(0.1).Penalty(weight).Item(), 6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void L2_IsWeightDecayOfTwiceTheStrength_OnWeightsAlone(int accumulate)
    {
        var data = Problems.Plane(32, 1);
        var (penalized, decayed) = (Network.Input(2).Dense(1).Build(3), Network.Input(2).Dense(1).Build(3));
        new Trainer(penalized, Loss.MeanSquaredError, new Sgd(0.1)) { Regularizers = [new L2Regularizer(0.05)], AccumulateSteps = accumulate }.Fit(data, epochs: 5, batchSize: 8);
        var optimizer = new Sgd(0.1).AddGroup([((Dense)decayed.Layers[0]).Weight], weightDecay: 0.1);
        new Trainer(decayed, Loss.MeanSquaredError, optimizer) { AccumulateSteps = accumulate }.Fit(data, epochs: 5, batchSize: 8);

        foreach (var (key, tensor) in penalized.StateDict())
            Assert.Equal(tensor.ToArray<float>(), decayed.StateDict()[key].ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Parameters_Chosen_AreThoseThatArePulled()
    {
        // Without a rate of its own for the data: the gradient of a loss that is 0 everywhere is 0, so that only the penalty moves anything.
        var nothing = Loss.From((p, t) => (p * 0).Sum(), "nothing");
        var model = Network.Input(2).Dense(3).Tanh().Dense(1).Build(3);
        var (first, second) = ((Dense)model.Layers[0], (Dense)model.Layers[2]);
        first.Bias!.CopyFrom(Tensor.Ones(3));
        var before = model.StateDict().ToDictionary(e => e.Key, e => e.Value.ToArray<float>());

        new Trainer(model, nothing, new Sgd(0.1)) { Regularizers = [new L2Regularizer(0.5) { Parameters = [first.Bias, second.Weight] }] }
            .Fit(Problems.Plane(4, 1), epochs: 1, batchSize: 4);

        // w − 0.1·2·0.5·w
        Assert.All(model.StateDict(), entry => Assert.Equal(
            before[entry.Key].Select(w => entry.Key is "dense1.bias" or "dense2.weight" ? 0.9f * w : w), entry.Value.ToArray<float>(), (a, b) => Math.Abs(a - b) < 1e-6));
    }

    [Fact]
    public void ReportedLoss_LeavesThePenaltyOut()
    {
        var model = Network.Input(2).Dense(1).Build(3);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Sgd(0)) { Regularizers = [new L1Regularizer(1000)] };
        var data = Problems.Plane(32, 1);
        Assert.Equal(trainer.Evaluate(data)["loss"], trainer.Fit(data, epochs: 1).Epochs[0].Training["loss"], 5);
    }

    [Fact]
    public void L1_MakesUselessWeightsTiny()
    {
        var rng = new Rng(5);
        var x = Tensor.Normal(rng, (200, 5));
        var y = Tensor.From(Enumerable.Range(0, 200).Select(i => (float)(2 * x[i, 0])).ToArray(), (200, 1));
        var model = Network.Input(5).Dense(1).Build(3);
        new Trainer(model, Loss.MeanSquaredError, new Sgd(0.02)) { Regularizers = [new L1Regularizer(0.1)] }.Fit(new TensorDataset(x, y), epochs: 60);

        var weights = ((Dense)model.Layers[0]).Weight.ToArray<float>();
        Assert.Equal(1.95, weights[0], 0.03);
        Assert.All(weights[1..], w => Assert.InRange(Math.Abs(w), 0, 0.01));
    }

    [Fact]
    public void MaxNorm_ShortensRowsToTheLimit_AndLeavesShortOnesBitForBit()
    {
        var model = Network.Input(2).Dense(3).Build(1);
        var dense = (Dense)model.Layers[0];
        dense.Weight.CopyFrom(Tensor.From([3f, 4, 0.1f, 0.2f, 0, 0], (3, 2)));
        dense.Bias!.CopyFrom(Tensor.From([9f, 9, 9]));
        new Trainer(model, Loss.MeanSquaredError, new Sgd(0)) { Callbacks = [new MaxNorm(1)] }.Fit(new TensorDataset(Tensor.Ones((1, 2)), Tensor.Ones((1, 3))), epochs: 1);

        Assert.Equal([0.6f, 0.8f], dense.Weight.ToArray<float>()[..2], (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.1f, 0.2f, 0, 0], dense.Weight.ToArray<float>()[2..]);
        Assert.Equal([9f, 9, 9], dense.Bias.ToArray<float>());
    }

    [Fact]
    public void MaxNorm_HoldsThroughATraining()
    {
        var model = Problems.Classifier();
        new Trainer(model, Loss.CrossEntropy, new Sgd(0.5)) { Callbacks = [new MaxNorm(0.5)] }.Fit(Problems.Clusters(60, 1), epochs: 5);
        foreach (var weight in model.Parameters.Where(p => p.Rank == 2))
            Assert.InRange(weight.Square().Sum(1).Max().Item(), 0, 0.2501);
    }

    [Fact]
    public void SettingsOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new L1Regularizer(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new L2Regularizer(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxNorm(0));
    }
}
