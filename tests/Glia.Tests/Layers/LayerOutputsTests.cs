using Glia.Layers;

namespace Glia.Tests.Layers;

public class LayerOutputsTests
{
    private static SequentialNetwork Nested() => Network.Input(1, 4, 4)
        .Residual(b => b.Conv2D(1, 3, padding: 1).ReLU()).Branches(BranchMerge.Concat, b => b.Tanh(), b => b).Flatten().Dense(2, name: "logits").Build(3);

    [Fact]
    public void ForwardAll_LayersInsideBlocks_GoByTheirPath()
    {
        var (model, x) = (Nested(), Numbers.Normal((2, 1, 4, 4), 1, DType.Float32));
        var outputs = model.ForwardAll(x, ForwardContext.Inference);
        Assert.Equal(
            ["residual1.body.conv2d1", "residual1.body.relu1", "residual1.body", "residual1", "branches1.branch1.tanh1", "branches1.branch1", "branches1.branch2", "branches1", "flatten1", "logits"],
            outputs.Names);
        Numbers.Close((outputs["residual1.body.conv2d1"].ReLU() + x).Reshape(2, 1, 4, 4), outputs["residual1"], 0, 0);
        Numbers.Close(model.Forward(x), outputs["logits"], 1e-6, 1e-6);
        Assert.Same(outputs["logits"], outputs[^1].Output);
    }

    [Fact]
    public void Gradient_IsThatOfTheLossByTheOutput()
    {
        var outputs = Nested().ForwardAll(Numbers.Normal((2, 1, 4, 4), 1, DType.Float32), ForwardContext.Training(new Rng(1)), retainGradients: true);
        outputs["logits"].Square().Sum().Backward();
        Numbers.Close(outputs["logits"].Detach() * 2, outputs.Gradient("logits"), 1e-6, 1e-6);
        Assert.Equal((2, 1, 4, 4), outputs.Gradient("residual1.body.conv2d1").Shape);
    }

    [Fact]
    public void FreeFormModule_GathersWhatItNames_AndNetworksInsideIt()
    {
        var outputs = new LayerOutputs(retainGradients: true);
        var y = new Twice().Forward(Tensor.Ones((1, 2)), ForwardContext.Inference.WithOutputs(outputs));
        Assert.Equal(["shared", "shared#2", "head.dense1", "head.tanh1"], outputs.Names);
        y.Sum().Backward();
        Assert.Equal((1, 2), outputs.Gradient("shared#2").Shape);
        Numbers.SameBits(y, new Twice().Forward(Tensor.Ones((1, 2))));
    }

    [Fact]
    public void UnknownNameOrNoGradient_SaysWhatThereIs()
    {
        var outputs = Network.Input(2).Dense(3).Tanh().Build().ForwardAll(Tensor.Ones((1, 2)), ForwardContext.Inference);
        Assert.Equal("There is no output of a layer 'dense'. There are: dense1, tanh1.", Assert.Throws<ArgumentException>(() => outputs["dense"]).Message);
        Assert.Equal(
            "The output of 'tanh1' has no gradient, because none was asked for. Pass retainGradients: true.",
            Assert.Throws<InvalidOperationException>(() => outputs.Gradient("tanh1")).Message);
        var retained = Network.Input(2).Dense(3).Build().ForwardAll(Tensor.Ones((1, 2)), ForwardContext.Inference, retainGradients: true);
        Assert.Equal(
            "The output of 'dense1' has no gradient. Call Backward() on a loss that depends on it.",
            Assert.Throws<InvalidOperationException>(() => retained.Gradient("dense1")).Message);
    }

    private sealed class Twice : Module
    {
        private readonly Dense _shared;
        private readonly SequentialNetwork _head;

        public Twice()
        {
            _shared = Add("shared", new Dense(2, 2));
            _head = Add("head", Network.Input(2).Dense(1).Tanh().Build());
            Initialize(5);
        }

        public override Tensor Forward(Tensor input, ForwardContext context)
        {
            for (var i = 0; i < 2; i++)
                input = context.Gather(_shared, _shared.Forward(input, context));
            return _head.Forward(input, context);
        }
    }
}
