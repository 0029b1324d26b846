using Glia.Data;
using Glia.Initializers;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Training.Tests;

/// <summary>What a course on neural networks claims, shown to be so.</summary>
[Collection("sequential")]
public class DemonstrationTests
{
    private static readonly TensorDataset Xor = new(
        Tensor.From(new float[,] { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 } }), Tensor.From(new float[,] { { 0 }, { 1 }, { 1 }, { 0 } }));

    private static SequentialNetwork With(Initializer initializer)
    {
        var model = Network.Input(2).Dense(8).Tanh().Dense(1).Build(seed: 1);
        foreach (var weight in model.Parameters.Where(p => p.Rank == 2))
            initializer.Fill(weight, new Rng(3));
        return model;
    }

    [Fact]
    public void AllZeroWeights_HiddenGradientsAreExactlyZero_AndOnlyTheLastBiasLearnsTheConstant()
    {
        var model = With(Initializer.Zeros);
        var (hidden, output) = ((Dense)model.Layers[0], (Dense)model.Layers[2]);
        // Targets of mean 1, so that there is a constant to learn.
        var data = new TensorDataset(Xor.Inputs, Xor.Targets + 0.5);
        var watch = new StepAction(_ =>
        {
            Assert.All(hidden.Weight.Grad!.ToArray<float>(), g => Assert.Equal(0, g));
            Assert.All(output.Weight.Grad!.ToArray<float>(), g => Assert.Equal(0, g));
        });
        new Trainer(model, Loss.MeanSquaredError, new Sgd(0.2)) { Callbacks = [watch] }.Fit(data, epochs: 100, batchSize: 4);
        Assert.All(hidden.Weight.ToArray<float>(), w => Assert.Equal(0, w));
        Assert.Equal(1, output.Bias![0], 1e-4);
    }

    [Fact]
    public void RandomWeights_BreakTheSymmetry_AndXorIsLearned()
    {
        var model = With(Initializer.GlorotUniform);
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Adam(0.05));
        trainer.Fit(Xor, epochs: 300, batchSize: 4);
        Assert.True(trainer.Evaluate(Xor)["loss"] < 1e-3);
    }

    [Fact]
    public void EqualWeights_KeepAllHiddenUnitsIdentical()
    {
        var model = With(Initializer.Constant(0.3));
        var trainer = new Trainer(model, Loss.MeanSquaredError, new Adam(0.05));
        trainer.Fit(Xor, epochs: 100, batchSize: 4);
        var weights = ((Dense)model.Layers[0]).Weight;
        Assert.NotEqual(0.3, weights[0, 0], 1e-3);
        for (var unit = 1; unit < 8; unit++)
            Assert.Equal((weights[0, 0], weights[0, 1]), (weights[unit, 0], weights[unit, 1]));
        // Eight units that are one cannot solve XOR.
        Assert.True(trainer.Evaluate(Xor)["loss"] > 0.1);
    }

    [Theory]
    [InlineData("sigmoid", true)]
    [InlineData("relu", false)]
    [InlineData("tanh", false)]
    public void TenLayers_GradientsVanishThroughSigmoidsOnly(string activation, bool vanishes)
    {
        var network = Network.Input(32);
        for (var layer = 0; layer < 10; layer++)
        {
            network.Dense(32);
            _ = activation switch { "sigmoid" => network.Sigmoid(), "relu" => network.ReLU(), _ => network.Tanh() };
        }
        var model = network.Dense(1).Build(seed: 2);
        var outputs = model.ForwardAll(Tensor.Normal(new Rng(4), (64, 32)), ForwardContext.Inference, retainGradients: true);
        outputs[^1].Output.Mean().Backward();
        double[] norms = [.. Enumerable.Range(1, 10).Select(i => outputs.Gradient($"dense{i}").Norm([]).Item())];

        // From the output to the input: dense10, …, dense1.
        if (vanishes)
        {
            for (var i = 0; i < 9; i++)
                Assert.InRange(norms[i] / norms[i + 1], 0.01, 0.4);
            Assert.True(norms[0] < 1e-4 * norms[9]);
        }
        else
        {
            Assert.InRange(norms[0] / norms[9], 0.05, 20);
        }
    }

    [Theory]
    [InlineData(1, 10, false)]
    [InlineData(4, 3, false)]
    [InlineData(4, 2, true)]
    [InlineData(10, 1, false)]
    public void BatchSize_ChoosesStochasticMiniBatchOrFullBatchDescent(int batchSize, int stepsPerEpoch, bool dropLast)
    {
        var steps = new StepAction(_ => { });
        new Trainer(Problems.Classifier(), Loss.CrossEntropy, new Sgd(0.1)) { DropLast = dropLast, Callbacks = [steps] }.Fit(Problems.Clusters(10, 1), epochs: 3, batchSize: batchSize);
        Assert.Equal(3 * stepsPerEpoch, steps.Steps);
    }
}
