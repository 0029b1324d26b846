using Glia.Data;
using Glia.Optimizers;
using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class ProberTests
{
    /// <summary>One step of SGD with rate 0.1 on the mean squared error of y = w·x, w = (3, 4), for one sample x = (1, 2) with target 1, and batch statistics by hand.</summary>
    [Fact]
    public void Step_HasTheGradientsAndTheUpdateComputedByHand()
    {
        var model = Network.Input(2).Dense(1, useBias: false, name: "w").Build(1);
        model.Parameters[0].CopyFrom(Tensor.From(new float[,] { { 3, 4 } }));
        var prober = new Prober(model, new Batch(Tensor.From(new float[,] { { 1, 2 }, { 0, 0 } }), Tensor.Ones((2, 1))), seesActivations: true);
        var step = new Sgd(0.1).Attach(model.Parameters);
        Loss.MeanSquaredError.Compute(model.Forward(Tensor.From(new float[,] { { 1, 2 } })), Tensor.Ones((1, 1))).Backward();
        prober.BeforeStep(1);
        step.Step();
        prober.AfterStep(1);

        // y = 11, so that the gradient is 2·10·x = (20, 40) and the weights become (1, 0).
        var probe = Assert.Single(prober.Probes);
        var parameter = Assert.Single(probe.Parameters);
        Assert.Equal(("w.weight", 1L), (parameter.Name, probe.Step));
        Assert.Equal(Math.Sqrt(((20 * 20) + (40 * 40)) / 2.0), parameter.Gradient, 1e-4);
        Assert.Equal(5 / Math.Sqrt(2), parameter.Weight, 1e-6);
        Assert.Equal(Math.Sqrt((2 * 2) + (4 * 4)) / 5, parameter.UpdateRatio, 1e-6);
        Assert.Equal(0, parameter.ZeroShare);
        // The outputs of the batch are 1 and 0: a deviation of 1/2 and a size of √1/2.
        Assert.Equal(0.5 / Math.Sqrt(0.5), probe.OutputVariation, 1e-6);
    }

    [Fact]
    public void Activations_DeadAndSaturatedOnes_AreCounted()
    {
        var model = Network.Input(2).Dense(4, name: "a").ReLU("relu").Dense(4, name: "b").Tanh("tanh").Dense(2, name: "c").Sigmoid("sigmoid").Build(1);
        var state = model.StateDict();
        state["a.weight"].CopyFrom(Tensor.Zeros((4, 2)));
        state["a.bias"].CopyFrom(Tensor.From([1f, -1, -1, -1]));
        state["b.weight"].CopyFrom(Tensor.Zeros((4, 4)));
        state["b.bias"].CopyFrom(Tensor.From([9f, -9, 0, 0]));
        state["c.weight"].CopyFrom(Tensor.Zeros((2, 4)));
        state["c.bias"].CopyFrom(Tensor.From([9f, 0]));
        var prober = new Prober(model, new Batch(Tensor.Ones((3, 2)), Tensor.Ones((3, 2))), seesActivations: true);
        prober.BeforeStep(1);
        prober.AfterStep(1);

        Assert.Equal(
            [new("relu", LayerRole.Rectifier, 0.75, 0), new("tanh", LayerRole.Squashing, 0, 0.5), new ActivationProbe("sigmoid", LayerRole.Squashing, 0, 0.5)],
            prober.Probes[0].Activations.Select(a => a with { Values = null }));
        Assert.Equal([3, 3, 3], prober.Probes[0].Activations.Select(a => Math.Max(a.Values!.Counts[0], a.Values.Counts[^1])));
        Assert.All(prober.Probes[0].Parameters, p => Assert.Equal(p.Weights!.Counts[0], p.Weights.Total));
        Assert.Equal(0, prober.Probes[0].OutputVariation, 1e-6);
        // Zero weights that stay zero did not change, and have no gradient.
        Assert.All(prober.Probes[0].Parameters, p => Assert.Equal((0, 1, 0, 0), (p.Gradient, p.ZeroShare, p.Weight, p.UpdateRatio)));
    }

    [Fact]
    public void DeadChannelsOfImages_AreThoseThatAreZeroEverywhere()
    {
        var model = Network.Input(1, 4, 4).Conv2D(2, 3, padding: 1, name: "conv").ReLU("relu").Flatten().Dense(2).Build(1);
        model.StateDict()["conv.weight"].CopyFrom(Tensor.Zeros((2, 1, 3, 3)));
        model.StateDict()["conv.bias"].CopyFrom(Tensor.From([1f, -1]));
        var prober = new Prober(model, new Batch(Tensor.Ones((3, 1, 4, 4)), Tensor.Ones((3, 2))), seesActivations: true);
        prober.BeforeStep(1);
        prober.AfterStep(1);
        Assert.Equal(0.5, Assert.Single(prober.Probes[0].Activations).DeadShare);
    }
}
