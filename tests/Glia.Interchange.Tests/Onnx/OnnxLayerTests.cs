using System.Text;
using System.Text.Json;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Interchange.Tests.Onnx;

/// <summary>An ONNX model as a layer: computed, trained, saved and loaded with the network around it.</summary>
public sealed class OnnxLayerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NetworkAroundAModel_IsSavedAndLoaded_ToTheSameBits()
    {
        var network = Network.Input(4).Add(new OnnxLayer(Hidden()), "features").Dense(3).Build(seed: 1);
        var x = Tensor.Uniform(new Rng(2), (5, 4), -1, 1);
        var path = _folder["model.safetensors"];

        new ModelFile(network).Save(path);
        var again = ModelFile.Load(path).Network;

        Assert.Equal(["features.model.fc.bias", "features.model.fc.weight", "dense1.bias", "dense1.weight"], again.StateDict().Keys.OrderByDescending(k => k[0]).ThenBy(k => k, StringComparer.Ordinal));
        Assert.Equal(network.Predict(x).ToArray<float>(), again.Predict(x).ToArray<float>());
        Assert.Equal(new Shape(6), again.LayerShapes[0]);
        new ModelFile(again).Save(_folder["again.safetensors"]);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder["again.safetensors"]));
    }

    [Fact]
    public void Weights_AreInTheFileOnce()
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, "N", 100).Weight("w", Tensor.Zeros((100, 100))).Node("MatMul", ["x", "w"], ["y"]).Output("y").Module();
        new ModelFile(Network.Input(100).Add(new OnnxLayer(module)).Build()).Save(_folder["model.safetensors"]);

        Assert.InRange(new FileInfo(_folder["model.safetensors"]).Length, 40_000, 42_000);
    }

    [Fact]
    public void NetworkAroundAModel_Trains_LikeTheSameLayers()
    {
        var network = Network.Input(4).Add(new OnnxLayer(Hidden())).Dense(3, name: "output").Build(seed: 1);
        var twin = Network.Input(4).Dense(6, name: "fc").Tanh().Dense(3, name: "output").Build(seed: 1);
        twin.LoadStateDict(network.StateDict().ToDictionary(t => t.Key.Replace("onnxlayer1.model.", "", StringComparison.OrdinalIgnoreCase), t => t.Value));
        var (x, y) = (Tensor.Uniform(new Rng(2), (16, 4), -1, 1), Tensor.From([.. Enumerable.Range(0, 16).Select(i => (long)(i % 3))]));
        var (one, other) = (new TrainingStep(network, Loss.CrossEntropy, new Adam(0.01)), new TrainingStep(twin, Loss.CrossEntropy, new Adam(0.01)));

        for (var step = 0; step < 20; step++)
            Assert.Equal(other.Run(x, y), one.Run(x, y), 5);
    }

    [Fact]
    public void ModelsThatTakeNoBatches_AreRefused()
    {
        var two = new OnnxFile().Input("a", OnnxElementType.Float, "N", 2).Input("b", OnnxElementType.Float, "N", 2).Node("Add", ["a", "b"], ["y"]).Output("y").Module();
        Assert.Equal("test.onnx takes 2 inputs (a, b), but a layer has one.", Assert.Throws<ArgumentException>(() => new OnnxLayer(two)).Message);
        var one = new OnnxFile().Input("x", OnnxElementType.Float, 1, 2).Node("Relu", ["x"], ["y"]).Output("y").Module();
        Assert.Equal(
            "test.onnx: input 'x' (1, 2) has 1 as its first size, but a layer takes batches of any size. Export the model with a free first size.",
            Assert.Throws<ArgumentException>(() => new OnnxLayer(one)).Message);
        var turned = new OnnxFile().Input("x", OnnxElementType.Float, "N", 3).Node("Transpose", ["x"], ["y"], ("perm", new[] { 1, 0 })).Output("y").Module();
        Assert.Contains("but the first size should stay the number of samples", Assert.Throws<ShapeException>(() => Network.Input(3).Add(new OnnxLayer(turned))).Message, StringComparison.Ordinal);
        Assert.Contains("expects batches (N, 4) but got samples of shape (5,)", Assert.Throws<ShapeException>(() => Network.Input(5).Add(new OnnxLayer(Hidden()))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"graph\":\"", "\"graph\":\"!!!!", "expects bytes in base64 for 'graph'")]
    [InlineData("\"graph\":\"", "\"graph\":\"AAAA", "the graph: ")]
    [InlineData("\"output\":[6]", "\"output\":[7]", "dense1.weight")]
    [InlineData("\"output\":[6]", "\"output\":[-6]", "cannot be made")]
    [InlineData("\"output\":[6]", "\"output\":\"6\"", "expects whole numbers for 'output'")]
    public void DamagedArchitectures_AreRefused(string old, string damaged, string message)
    {
        var network = Network.Input(4).Add(new OnnxLayer(Hidden())).Dense(3, name: "dense1").Build(seed: 1);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            network.WriteArchitecture(json);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.Contains(old, text, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(text.Replace(old, damaged, StringComparison.Ordinal));

        var error = Assert.Throws<FormatException>(() =>
        {
            try
            {
                SequentialNetwork.ReadArchitecture(document.RootElement, 51).LoadStateDict(network.StateDict());
            }
            catch (ArgumentException e)
            {
                throw new FormatException(e.Message, e);
            }
        });
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GraphWithMoreWeightsThanTheFile_IsRefusedBeforeMemoryIsTaken()
    {
        var module = new OnnxFile().Input("x", OnnxElementType.Float, "N", 4).Weight("w", Tensor.Zeros((4, 100))).Node("MatMul", ["x", "w"], ["y"]).Output("y").Module();
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            Network.Input(4).Add(new OnnxLayer(module)).Build().WriteArchitecture(json);
        using var document = JsonDocument.Parse(stream.ToArray());

        Assert.Contains("tensor 'w' (4, 100) and those before it have more numbers than the file", Assert.Throws<FormatException>(() => SequentialNetwork.ReadArchitecture(document.RootElement, 399)).Message, StringComparison.Ordinal);
        SequentialNetwork.ReadArchitecture(document.RootElement, 400);
    }

    private static OnnxModule Hidden() => new OnnxFile().Input("x", OnnxElementType.Float, "N", 4)
        .Weight("fc.weight", Tensor.Uniform(new Rng(3), (6, 4), -1, 1)).Weight("fc.bias", Tensor.Uniform(new Rng(4), new Shape(6), -1, 1))
        .Node("Gemm", ["x", "fc.weight", "fc.bias"], ["z"], ("transB", 1)).Node("Tanh", ["z"], ["h"]).Output("h").Module();
}
