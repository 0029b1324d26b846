using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>An imported model trains like the same model of Glia's own layers, and is saved to the bit.</summary>
public class OnnxModuleTests
{
    [Fact]
    public void ImportedMlp_HasTheGradientsOfItsTwin_AndItsLossFalls()
    {
        var twin = Network.Input(4).Dense(8, name: "hidden").Tanh().Dense(3, name: "output").Build(seed: 1);
        var module = new OnnxFile().Input("x", OnnxElementType.Float, "N", 4)
            .Weight("hidden.weight", Of(twin, "hidden.weight")).Weight("hidden.bias", Of(twin, "hidden.bias"))
            .Weight("turned", Of(twin, "output.weight").Transpose()).Weight("output.bias", Of(twin, "output.bias"))
            .Node("Gemm", ["x", "hidden.weight", "hidden.bias"], ["z"], ("transB", 1)).Node("Tanh", ["z"], ["h"])
            .Node("MatMul", ["h", "turned"], ["s"]).Node("Add", ["s", "output.bias"], ["y"]).Output("y").Module();

        CheckTraining(twin, module, Tensor.Uniform(new Rng(2), (20, 4), -1, 1), name => name == "output.weight" ? "turned" : name, t => t.Name == "turned" ? t.Grad!.Transpose() : t.Grad!);
    }

    [Fact]
    public void ImportedCnn_HasTheGradientsOfItsTwin_AndItsLossFalls()
    {
        var twin = Network.Input(1, 8, 8).Conv2D(4, kernelSize: 3, padding: 1, name: "conv").ReLU().MaxPool2D(2).Flatten().Dense(3, name: "output").Build(seed: 1);
        var module = new OnnxFile().Input("x", OnnxElementType.Float, "N", 1, 8, 8)
            .Weight("conv.weight", Of(twin, "conv.weight")).Weight("conv.bias", Of(twin, "conv.bias"))
            .Weight("output.weight", Of(twin, "output.weight")).Weight("output.bias", Of(twin, "output.bias"))
            .Node("Conv", ["x", "conv.weight", "conv.bias"], ["z"], ("pads", new[] { 1, 1, 1, 1 })).Node("Relu", ["z"], ["h"])
            .Node("MaxPool", ["h"], ["p"], ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })).Node("Flatten", ["p"], ["f"])
            .Node("Gemm", ["f", "output.weight", "output.bias"], ["y"], ("transB", 1)).Output("y").Module();

        CheckTraining(twin, module, Tensor.Uniform(new Rng(2), (12, 1, 8, 8), -1, 1), name => name, t => t.Grad!);
    }

    [Fact]
    public void Training_NormalisesByTheBatch_AndUpdatesTheRunningStatistics()
    {
        var twin = new BatchNorm(3);
        var module = new OnnxFile().Input("x", OnnxElementType.Float, "N", 3)
            .Weight("bn.weight", Tensor.Ones(3)).Weight("bn.bias", Tensor.Zeros(3)).Weight("bn.mean", Tensor.Zeros(3)).Weight("bn.var", Tensor.Ones(3))
            .Node("BatchNormalization", ["x", "bn.weight", "bn.bias", "bn.mean", "bn.var"], ["y"]).Output("y").Module();
        var x = Tensor.Normal(new Rng(3), (16, 3), 2, 3);
        var context = ForwardContext.Training(new Rng(0));

        var (expected, got) = (twin.Forward(x, context), module.Forward(x, context));

        AssertClose(expected, got, 1e-6);
        AssertClose(twin.RunningMean, module.StateDict()["bn.mean"], 1e-6);
        Assert.Equal(["bn.weight", "bn.bias"], module.Parameters.Select(p => "bn." + p.Name));
    }

    [Fact]
    public void Settings_AreNoParameters()
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, 2, 3)
            .Weight("low", Tensor.Scalar(-1)).Weight("high", Tensor.Scalar(1)).Weight("scale", Tensor.Ones(3)).Weight("power", Tensor.From<float>([2f]))
            .Node("Clip", ["x", "low", "high"], ["a"]).Node("Mul", ["a", "scale"], ["b"]).Node("Pow", ["b", "power"], ["y"]).Output("y").Module();

        Assert.Equal(["scale"], module.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void NamesThatCannotBeDivided_AreStillUniqueParameters()
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, 3)
            .Weight("a", Tensor.Ones(3)).Weight("a.b", Tensor.Ones(3)).Weight("c..d", Tensor.Ones(3)).Weight("onnx::Add_7", Tensor.Ones(3))
            .Node("Add", ["x", "a"], ["p"]).Node("Add", ["p", "a.b"], ["q"]).Node("Add", ["q", "c..d"], ["r"]).Node("Add", ["r", "onnx::Add_7"], ["y"]).Output("y").Module();

        Assert.Equal(4, module.StateDict().Count);
        Assert.Equal([4f, 4f, 4f], module.Predict(Tensor.Zeros(3)).ToArray<float>());
    }

    [Fact]
    public void SavedModel_LoadsToTheSameBits()
    {
        using var folder = new TemporaryFolder();
        var path = folder["tuned.onnx"];
        var module = new OnnxFile().Input("x", OnnxElementType.Float, "N", 4).Weight("w.weight", Tensor.Uniform(new Rng(1), (3, 4))).Weight("half", Tensor.Ones(3))
            .Node("Gemm", ["x", "w.weight"], ["z"], ("transB", 1)).Node("Mul", ["z", "half"], ["y"]).Output("y").Module();
        foreach (var parameter in module.Parameters)
            parameter.CopyFrom(Tensor.Normal(new Rng(7), parameter.Shape));
        var x = Tensor.Normal(new Rng(4), (5, 4));

        module.Save(path);
        var loaded = OnnxModule.Load(path);

        Assert.Equal(module.Predict(x).ToArray<float>(), loaded.Predict(x).ToArray<float>());
        Assert.Equal(module.StateDict().Keys, loaded.StateDict().Keys);
        Assert.Equal("test", loaded.Model.Producer);
        loaded.Save(folder["again.onnx"]);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(folder["again.onnx"]));
    }

    [Fact]
    public void FileThatGliaDidNotWrite_IsWrittenWithAllThatItHeld()
    {
        var file = new OnnxFile().Input("x", OnnxElementType.Float, 2).Node("Relu", ["x"], ["y"]).Output("y");
        file.Proto.Metadata.Add(new() { Key = "who", Value = "me" });
        // A field of a later version of the format.
        byte[] bytes = [.. file.ToBytes(), 0x9a, 0x06, 0x03, 1, 2, 3];
        using var folder = new TemporaryFolder();

        OnnxModel.Read(bytes).ToModule().Save(folder["copy.onnx"]);

        Assert.Equal(bytes, File.ReadAllBytes(folder["copy.onnx"]));
        Assert.Equal("me", OnnxModel.Load(folder["copy.onnx"]).Metadata["who"]);
    }

    private static Tensor Of(SequentialNetwork network, string name) => network.StateDict()[name].Detach();

    private static void CheckTraining(SequentialNetwork twin, OnnxModule module, Tensor x, Func<string, string> nameOf, Func<Parameter, Tensor> gradient)
    {
        var target = Tensor.From([.. Enumerable.Range(0, x.Shape[0]).Select(i => i % 3L)]);
        AssertClose(twin.Predict(x), module.Predict(x), 1e-6);
        Loss.CrossEntropy.Compute(twin.Forward(x), target).Backward();
        Loss.CrossEntropy.Compute(module.Forward(x), target).Backward();
        var state = module.StateDict();
        foreach (var (name, tensor) in twin.StateDict())
            AssertClose(tensor.Grad!, gradient((Parameter)state[nameOf(name)]), 1e-6);

        // Steps are recorded and done again, as for Glia's own layers.
        var step = new TrainingStep(module, Loss.CrossEntropy, new Adam(0.02));
        var first = step.Run(x, target);
        var last = first;
        for (var i = 0; i < 60; i++)
            last = step.Run(x, target);
        Assert.Null(step.Obstacle);
        Assert.Equal(1, step.Recordings);
        Assert.InRange(last, 0, 0.8 * first);
    }

    private static void AssertClose(Tensor expected, Tensor got, double tolerance)
    {
        Assert.Equal(expected.Shape, got.Shape);
        Assert.InRange((expected.Detach() - got.Detach()).Abs().Max().Item(), 0, tolerance * (1 + expected.Detach().Abs().Max().Item()));
    }
}
