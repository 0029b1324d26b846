namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>An exported model file is a model file still: it reads back to the same bits.</summary>
public class ExportModelFileTests
{
    [Fact]
    public void ModelFile_ExportedAndReadBack_IsTheSameModel()
    {
        using var folder = new TemporaryFolder();
        var network = Network.Sequence(5, 3).Lstm(4, returnSequences: true).BatchNorm().Gru(3).Dense(2).Softmax().Build(seed: 4);
        ExportLayerTests.Trained(network);
        var path = Path.Combine(folder.Path, "model.onnx");

        OnnxExport.Of(new ModelFile(network, new Dictionary<string, string> { ["note"] = "mine" })).Save(path);
        var again = ModelFile.Load(path);

        Assert.Equal("mine", again.Metadata["note"]);
        Assert.True(again.Network.HasFreeTime);
        Assert.Equal(network.StateDict().Keys, again.Network.StateDict().Keys);
        var x = Tensor.Normal(new Rng(1), (3, 5, 3));
        Assert.Equal(network.Predict(x).ToArray<float>(), again.Network.Predict(x).ToArray<float>());
    }

    [Fact]
    public void ForeignOnnxFile_IsNoModelFile()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "foreign.onnx");
        OnnxExport.Of(Network.Input(3).Dense(2).Build(seed: 1)).Save(path);
        Assert.Equal(
            $"{path}: this ONNX file holds a model of another program. Run it with 'glia predict' or OnnxModule, or go on training it with 'glia train --from'.",
            Assert.Throws<FormatException>(() => ModelFile.Load(path)).Message);
    }
}
