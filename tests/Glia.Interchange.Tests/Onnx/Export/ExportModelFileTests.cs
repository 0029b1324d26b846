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
    public void TextsOfAnExport_StayInItsFile()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = (Path.Combine(folder.Path, "one.onnx"), Path.Combine(folder.Path, "two.onnx"));
        var file = new ModelFile(Network.Input(3).Dense(2).Build(seed: 1), new Dictionary<string, string> { ["z"] = "own", ["note"] = "mine" });

        OnnxExport.Of(file, new() { Metadata = new Dictionary<string, string> { ["inputs"] = "of the first", ["note"] = "another" } }).Save(one);
        var again = ModelFile.Load(one);
        OnnxExport.Of(again, new() { Metadata = new Dictionary<string, string> { ["task"] = "of the second" } }).Save(two);

        Assert.Equal("of the first", OnnxModel.Load(one).Metadata["inputs"]);
        Assert.Equal(["note mine", "z own"], again.Metadata.Select(m => $"{m.Key} {m.Value}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("inputs", OnnxModel.Load(two).Metadata.Keys);
        Assert.Equal("of the second", OnnxModel.Load(two).Metadata["task"]);
        file.Save(Path.Combine(folder.Path, "file"));
        ModelFile.Load(two).Save(Path.Combine(folder.Path, "again"));
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder.Path, "file")), File.ReadAllBytes(Path.Combine(folder.Path, "again")));
    }

    [Fact]
    public void DamagedListOfAnExportsTexts_IsRefused()
    {
        var bytes = OnnxExport.Of(new ModelFile(Network.Input(3).Dense(2).Build(seed: 1)), new() { Metadata = new Dictionary<string, string> { ["task"] = "" } }).ToArray();
        var list = bytes.AsSpan().IndexOf("[\"task\"]"u8);
        "\"task12\""u8.CopyTo(bytes.AsSpan(list));
        var model = OnnxModel.Read(bytes);
        Assert.Contains("the text 'glia.export' is no list of names", Assert.Throws<FormatException>(() => ModelFile.FromOnnx(model)).Message, StringComparison.Ordinal);
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
