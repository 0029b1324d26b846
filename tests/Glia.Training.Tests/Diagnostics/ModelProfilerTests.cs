using Glia.Data;
using Glia.Layers;
using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class ModelProfilerTests
{
    private static readonly Batch Points = new(Problems.Clusters(32, 1).Inputs, Problems.Clusters(32, 1).Targets);

    private static ModelProfile Measure(Module model, bool triesOneBatch = false) => ModelProfiler.Measure(model, Loss.CrossEntropy, Points, triesOneBatch);

    [Fact]
    public void Layers_HaveNamesRolesAndSizes()
    {
        var profile = Measure(Network.Input(2).Dense(8, name: "hidden").BatchNorm().Tanh().Dropout(0.5).Residual(b => b.Dense(8).ReLU()).Dense(3, name: "last").Build(1));
        Assert.Equal([LayerRole.Linear, LayerRole.Normalization, LayerRole.Squashing, LayerRole.Passive, LayerRole.Linear, LayerRole.Rectifier, LayerRole.Linear], profile.Layers.Select(l => l.Role));
        Assert.Equal(("hidden", "Dense", 24), (profile.Layers[0].Name, profile.Layers[0].Type, profile.Layers[0].Parameters));
        Assert.Equal((24 + 16 + 72 + 27, 3), (profile.Parameters, profile.Outputs));
        Assert.All(profile.Layers, l => Assert.False(l.HasEqualWeights));
        Assert.All(profile.Layers.Where(l => l.Role == LayerRole.Linear), l => Assert.InRange(l.OutputStd, 0.05, 20));
    }

    [Fact]
    public void OutputStdAndInitialLoss_AreThoseOfTheForwardPass()
    {
        var model = Problems.Classifier();
        var output = model.Forward(Points.Input);
        var values = output.ToArray<float>();
        var mean = values.Average();
        var profile = Measure(model);
        Assert.Equal(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), profile.Layers[^1].OutputStd, 1e-5);
        Assert.Equal((values.Min(), values.Max()), ((float)profile.OutputMin, (float)profile.OutputMax));
        Assert.Equal(Loss.CrossEntropy.Compute(output, Points.Target).Item(), profile.InitialLoss, 6);
        Assert.Null(profile.OneBatchLoss);
    }

    [Fact]
    public void EqualWeights_AreSeen()
    {
        var model = Problems.Classifier();
        ((Dense)model.Layers[0]).Weight.CopyFrom(Tensor.Full((16, 2), 0.5));
        Assert.Equal([true, false, false], Measure(model).Layers.Select(l => l.HasEqualWeights));
    }

    [Fact]
    public void FrozenParameters_AreCounted()
    {
        var model = Problems.Classifier();
        ((Dense)model.Layers[2]).Weight.IsTrainable = false;
        Assert.Equal([0, 0, 48], Measure(model).Layers.Select(l => l.Frozen));
    }

    [Fact]
    public void Distributions_AreSeen_LogitsAreNone()
    {
        Assert.True(Measure(Network.Input(2).Dense(3).Softmax().Build(1)).GivesDistributions);
        Assert.False(Measure(Network.Input(2).Dense(3).Sigmoid().Build(1)).GivesDistributions);
        Assert.False(Measure(Problems.Classifier()).GivesDistributions);
    }

    [Fact]
    public void OneBatch_IsLearnedByHeart_AndWeightsAndRunningStatisticsAreAsBefore()
    {
        var model = Network.Input(2).Dense(16).BatchNorm().ReLU().Dropout(0.1).Dense(3).Build(1);
        var before = TrainingDoctorTests.Bits(model);
        Assert.InRange(Measure(model, triesOneBatch: true).OneBatchLoss!.Value, 0, 0.5);
        Assert.Equal(before, TrainingDoctorTests.Bits(model));
        Assert.Equal(before.Length, model.StateDict().Values.Where(t => t.DType == DType.Float32).Sum(t => t.Count));

        foreach (var parameter in model.Parameters)
            parameter.IsTrainable = false;
        Assert.Null(Measure(model, triesOneBatch: true).OneBatchLoss);
    }

    [Fact]
    public void OneBatch_WithEqualWeights_IsNotLearned()
    {
        var model = Problems.Classifier();
        foreach (var parameter in model.Parameters)
            parameter.CopyFrom(Tensor.Zeros(parameter.Shape));
        Assert.InRange(Measure(model, triesOneBatch: true).OneBatchLoss!.Value, 0.9, 1.1);
    }
}
