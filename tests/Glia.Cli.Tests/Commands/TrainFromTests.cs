using Glia.Interchange;
using Glia.Layers;

namespace Glia.Cli.Tests.Commands;

/// <summary>Training that goes on from a trained network with other data.</summary>
public sealed class TrainFromTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void TrainedNetwork_IsGoneOnFrom()
    {
        Cli.Run("train", "two-moons", "--epochs", "60", "--quiet", "--out", _workspace["first"]).Success();
        var report = Cli.Run("train", "two-moons", "--from", _workspace["first"], "--epochs", "1", "--learning-rate", "1e-9", "--out", _workspace["second"]).Success();

        Assert.Contains($"Model: that of {_workspace["first"]}\n", report, StringComparison.Ordinal);
        var (before, after) = (Weights("first"), Weights("second"));
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before, pair => Assert.All(pair.Value.Zip(after[pair.Key]), w => Assert.Equal(w.First, w.Second, 4)));
    }

    [Fact]
    public void OtherClasses_GetANewLastLayer()
    {
        _workspace.Write("three.csv", System.Text.Encoding.UTF8.GetBytes("a,b,c,d,kind\n" + string.Concat(Enumerable.Range(0, 90).Select(i => $"{i % 7},{i % 5},{i % 3},{i % 11},{"xyz"[i % 3]}\n"))));
        Cli.Run("train", _workspace["three.csv"], "--target", "kind", "--epochs", "3", "--quiet", "--out", _workspace["three"]).Success();
        _workspace.Write("two.csv", System.Text.Encoding.UTF8.GetBytes("a,b,c,d,kind\n" + string.Concat(Enumerable.Range(0, 90).Select(i => $"{i % 7},{i % 5},{i % 3},{i % 11},{"xy"[i % 2]}\n"))));
        var report = Cli.Run("train", _workspace["two.csv"], "--target", "kind", "--from", _workspace["three"], "--epochs", "1", "--learning-rate", "1e-9", "--out", _workspace["two"]).Success();

        Assert.Contains("with a new last layer", report, StringComparison.Ordinal);
        var (before, after) = (Weights("three"), Weights("two"));
        Assert.Equal(before["dense1.weight"], after["dense1.weight"], (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(before["output.weight"].Length / 3 * 2, after["output.weight"].Length);
    }

    [Fact]
    public void RunThatWasStopped_GoesOnToTheSameModel()
    {
        Cli.Run("train", "two-moons", "--epochs", "5", "--quiet", "--out", _workspace["first"]).Success();
        string[] arguments = ["two-moons", "--from", _workspace["first"], "--epochs", "40", "--patience", "40"];
        Cli.Run(["train", .. arguments, "--quiet", "--out", _workspace["whole"]]).Success();
        using (var process = new CliProcess(_workspace.Path, ["train", .. arguments, "--checkpoint-every", "1", "--out", "killed"]))
        {
            process.WaitFor("epoch   3/");
            process.KillAtOnce();
        }
        Cli.Run("train", "--resume", _workspace["killed"], "--quiet").Success();

        Assert.Equal(File.ReadAllBytes(_workspace["whole/model.safetensors"]), File.ReadAllBytes(_workspace["killed/model.safetensors"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OnnxFile_IsGoneOnFrom(bool isForeign)
    {
        Cli.Run("train", "two-moons", "--epochs", "60", "--quiet", "--out", _workspace["first"]).Success();
        var onnx = _workspace["first.onnx"];
        var network = ModelFile.Load(_workspace["first/model.safetensors"]).Network;
        // Another program's file has no texts of Glia's.
        if (isForeign)
            OnnxExport.Of(network).Save(onnx);
        else
            Cli.Run("export", _workspace["first"], "--out", onnx).Success();
        var report = Cli.Run("train", "two-moons", "--from", onnx, "--epochs", "1", "--learning-rate", "1e-9", "--out", _workspace["second"]).Success();

        Assert.Contains(isForeign ? "OnnxLayer" : "dense2", report, StringComparison.Ordinal);
        var (before, after) = (Weights("first"), Weights("second"));
        Assert.Equal(before.Keys, after.Keys.Select(k => k.Replace("onnx.model.", "", StringComparison.Ordinal)));
        Assert.All(before, pair => Assert.All(pair.Value.Zip(after[isForeign ? "onnx.model." + pair.Key : pair.Key]), w => Assert.Equal(w.First, w.Second, 4)));
        Assert.StartsWith("row,prediction,probability\n", Cli.Run("predict", _workspace["second"], _workspace["second/example.csv"]).Success(), StringComparison.Ordinal);
        // What was trained from an ONNX file is exported like any other model.
        Cli.Run("export", _workspace["second"], "--out", _workspace["again.onnx"], "--with-preprocessing").Success();
    }

    [Fact]
    public void OnnxFileThatDoesNotFit_IsRefused()
    {
        var onnx = _workspace["net.onnx"];
        OnnxExport.Of(Network.Input(2).Dense(3, name: "d").Build()).Save(onnx);
        Cli.Run("train", "two-moons", "--from", onnx, "--out", _workspace["x"]).Fails(
            $"glia: '{onnx}' gives (3,) for a sample, but two-moons needs (2,). Only a model whose last layer is dense gets a new one of the right size.");
        Cli.Run("train", "iris", "--from", onnx, "--out", _workspace["x"]).Fails(
            $"glia: OnnxLayer 'onnx' expects batches (batch, 2) but got samples of shape (4,).");
        OnnxExport.Of(Network.Input(2).Dense(2).Softmax().Build()).Save(onnx);
        Cli.Run("train", "two-moons", "--from", onnx, "--out", _workspace["x"]).Fails(
            $"glia: '{onnx}' ends in Softmax, but training needs the scores before it. Export the model without it.");
    }

    [Fact]
    public void SoftmaxOfTheFirstOutput_IsFound()
    {
        var onnx = _workspace["net.onnx"];
        var network = Network.Input(2).Dense(2).Build();
        Save(x => [x.Softmax(), x.ArgMax()]);
        Refused("Softmax");
        Save(x => [x.LogSoftmax().To(DType.Float64).To(DType.Float32).Reshape(x.Shape[0], 1, 2).Reshape(x.Shape[0], 2), x.ArgMax()]);
        Refused("LogSoftmax");
        // Scores first, probabilities beside them.
        Save(x => [x, x.Softmax()]);
        Cli.Run("train", "two-moons", "--from", onnx, "--epochs", "1", "--quiet", "--out", _workspace["x"]).Success();

        void Save(Func<Tensor, IReadOnlyList<Tensor>> outputs) => OnnxExport.Of(network, [new("x", 2)], x => outputs(network.Forward(x[0], ForwardContext.Inference)), ["first", "second"]).Save(onnx);

        void Refused(string name) => Cli.Run("train", "two-moons", "--from", onnx, "--out", _workspace["x"]).Fails(
            $"glia: '{onnx}' ends in {name}, but training needs the scores before it. Export the model without it.");
    }

    [Theory]
    [InlineData(DType.Float64, DType.Float32, "takes x Double (batch, 2), but the samples of two-moons are Float32. Export the model with inputs of that type.")]
    [InlineData(DType.Int64, DType.Float32, "takes x Int64 (batch, 2), but the samples of two-moons are Float32. Export the model with inputs of that type.")]
    [InlineData(DType.Float32, DType.Float64, "gives y Double (batch, 2), but training needs Float32. Export the model with outputs of that type.")]
    [InlineData(DType.Float32, DType.Int64, "gives y Int64 (batch, 2), but training needs Float32. Export the model with outputs of that type.")]
    public void OnnxFileOfOtherNumbers_IsRefused(DType input, DType output, string expected)
    {
        var (onnx, network) = (_workspace["net.onnx"], Network.Input(2).Dense(2).Build());
        OnnxExport.Of(network, [new("x", 2, input)], x => [network.Forward(x[0].To(DType.Float32), ForwardContext.Inference).To(output)], ["y"]).Save(onnx);
        Cli.Run("train", "two-moons", "--from", onnx, "--epochs", "1", "--out", _workspace["x"]).Fails($"glia: '{onnx}' {expected}");
    }

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        Cli.Run("train", "two-moons", "--epochs", "2", "--quiet", "--out", _workspace["first"]).Success();
        var first = _workspace["first"];

        Cli.Run("train", "iris", "--from", first, "--out", _workspace["x"]).Fails(
            $"glia: '{first}' takes samples of shape (2,), but those of iris have shape (4,). Only a model for samples of the same shape can be gone on from.");
        Cli.Run("train", "spirals", "--from", first, "--hidden", "8", "--out", _workspace["x"]).Fails($"glia: --hidden means nothing with --from, since the network is that of '{first}'. Leave it out.");
        Cli.Run("train", "spirals", "--from", first, "--family", "perceptron", "--out", _workspace["x"]).Fails(
            "glia: --from means nothing for a perceptron, which has one neuron and learns sample by sample with its own rule. Leave it out, or use --family mlp.");
        Cli.Run("train", "spirals", "--from", _workspace["nothing"], "--out", _workspace["x"]).Fails($"glia: There is no model '{_workspace["nothing"]}'. Give a run folder made by 'glia train', or a model file.");
        Assert.False(Directory.Exists(_workspace["x"]));
    }

    private Dictionary<string, float[]> Weights(string run)
    {
        var network = ModelFile.Load(_workspace[$"{run}/model.safetensors"]).Network;
        return network.StateDict().ToDictionary(t => t.Key, t => t.Value.ToArray<float>());
    }
}
