using Glia.Layers;
using Glia.Models;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>The ready networks, and networks of the builder's parts.</summary>
public class ExportModelTests
{
    [Fact]
    public void LeNet5_GivesTheSame() => ExportCheck.Holds("LeNet5", LeNet5.Create(), (1, 28, 28));

    [Fact]
    public void ResNet18_GivesTheSame() => ExportCheck.Holds("ResNet18", ResNet.Create18(size: 32, classes: 7), (3, 32, 32));

    [Fact]
    public void ResNet20_GivesTheSame() => ExportCheck.Holds("ResNet20", ResNet.Create20(size: 16), (3, 16, 16));

    [Fact]
    public void Vgg11_GivesTheSame() => ExportCheck.Holds("Vgg11", Vgg11.Create(size: 32), (3, 32, 32));

    [Fact]
    public void MobileNet_GivesTheSame() => ExportCheck.Holds("MobileNet", MobileNet.Create(size: 32, classes: 5, width: 0.25), (3, 32, 32));

    [Fact]
    public void TransformerLanguageModel_GivesTheSameForAllLengths()
    {
        var model = TransformerLanguageModel.Create(11, 32, modelSize: 8, heads: 2, layers: 2);
        var (wanted, free) = (model.InputShape, model.HasFreeTime);
        var export = ExportCheck.Holds("language model", model, wanted, below: 11, freeSequence: free, fewer: 0);
        Assert.Equal(OnnxElementType.Int64, export.ToModel().Inputs[0].Type);
    }

    [Fact]
    public void SequenceNetworks_GiveTheSameForAllLengths()
    {
        ExportCheck.Holds("attention", Network.Sequence(6, 4).Dense(8).PositionalEncoding().TransformerEncoder(2, 12, 2, new() { Causal = true }).Dense(3).Build(seed: 1), (6, 4), freeSequence: true);
        ExportCheck.Holds("film", Network.Sequence(3, 1, 6, 5).TimeDistributed(n => n.Conv2D(2, 3).ReLU().Flatten()).Gru(4).Dense(2).Build(seed: 1), (3, 1, 6, 5), freeSequence: true);
        ExportCheck.Holds("film by ConvLstm", Network.Sequence(3, 1, 6, 5).ConvLstm2D(2, 3, returnSequences: true, peepholes: true).ConvLstm2D(3, 3).Flatten().Dense(2).Build(seed: 1), (3, 1, 6, 5), freeSequence: true);
        ExportCheck.Holds("symbols", Network.Sequence(5).Embedding(9, 6).Lstm(7, returnSequences: true).Dense(9).Build(seed: 1), 5, below: 9, freeSequence: true);
        ExportCheck.Holds("one-hot symbols", Network.Sequence(5).OneHot(9).SimpleRnn(7, returnSequences: true).Dense(9).Build(seed: 1), 5, below: 9, freeSequence: true);
    }

    [Fact]
    public void RegressionOfARange_GivesTheSame()
    {
        var targets = Tensor.Uniform(new Rng(3), (40, 2), -3, 9);
        var x = Tensor.Normal(new Rng(4), (40, 3), 2, 3);
        foreach (var range in Enum.GetValues<RegressionRange>())
            ExportCheck.Holds($"regression {range}", Network.Input(3).Normalize(x).Dense(5).Tanh().Regression(range == RegressionRange.Positive ? targets.Abs() : targets, range).Build(seed: 1), 3);
    }

    [Fact]
    public void ExportedNetwork_HasOperatorsNamesAndParametersOfItsLayers()
    {
        var network = Network.Input(1, 8, 8).Conv2D(4, 3, name: "conv").BatchNorm(name: "norm").ReLU(name: "act").MaxPool2D(2, name: "pool").Flatten().Dense(3, name: "output").Build(seed: 1);
        var model = OnnxExport.Of(network, new() { InputName = "image", OutputName = "logits", OperatorSet = 18, Metadata = new Dictionary<string, string> { ["by"] = "hand" } }).ToModel();

        Assert.Equal(["/conv/Conv", "/norm/BatchNormalization", "/act/Relu", "/pool/MaxPool"], model.Nodes.Take(4).Select(n => n.Name));
        Assert.Equal("/output/Gemm", model.Nodes[^1].Name);
        Assert.Equal(network.StateDict().Keys, model.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        Assert.Equal("image Float (batch, 1, 8, 8)", model.Inputs[0].ToString());
        Assert.Equal("logits Float (batch, 3)", model.Outputs[0].ToString());
        Assert.Equal(18, model.OperatorSets[""]);
        Assert.Equal("Glia 0.1.0", model.Producer);
        Assert.Equal("hand", model.Metadata["by"]);
        Assert.True(model.FormatVersion >= 8);
    }

    [Fact]
    public void ActivationsBehindWeights_HaveTheNamesOfTheirLayers()
    {
        var network = Network.Input(1, 6, 6).Conv2D(2, 3, name: "conv").ReLU("act1").MaxPool2D(2, name: "pool").Flatten().Dense(4, name: "dense").ReLU("act2").Dense(3, name: "output").Build(seed: 1);
        var names = OnnxExport.Of(network).ToModel().Nodes.Where(n => n.OpType != "Constant").Select(n => n.Name);
        Assert.Equal(["/conv/Conv", "/act1/Relu", "/pool/MaxPool", "/flatten1/Reshape", "/dense/Gemm", "/act2/Relu", "/output/Gemm"], names);
    }

    [Fact]
    public void FixedBatch_IsANumber()
    {
        var network = Network.Input(3).Dense(2).Build(seed: 1);
        var export = OnnxExport.Of(network, new() { BatchName = null, FixedBatch = 4 });
        Assert.Equal("(4, 3)", export.ToModel().Inputs[0].Shape);
        var x = Tensor.Normal(new Rng(1), (4, 3));
        OnnxRuntime.Close(network.Predict(x), OnnxRuntime.Run(export.ToArray(), ("input", x))["output"], "fixed batch");
    }

    [Fact]
    public void NetworkOf64Bits_GivesTheSame()
    {
        var network = Network.Input(3).Add(new Dense(3, 6, dtype: DType.Float64)).Tanh().Add(new LayerNorm(6, dtype: DType.Float64)).Add(new Dense(6, 4, dtype: DType.Float64)).Softmax().Build(seed: 1);
        var export = ExportCheck.Holds("64 bits", network, 3);
        Assert.Equal(OnnxElementType.Double, export.ToModel().Outputs[0].Type);
    }
}
