using System.Text;
using Glia.Layers;
using Glia.Optimizers;

namespace Glia.Interchange.Tests;

public sealed class ModelFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("glia-model-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static SequentialNetwork Cnn() => Network.Input(2, 9, 8)
        .Conv2D(4, 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2).Dropout(0.2).Conv2D(6, (2, 3)).LeakyReLU(0.05)
        .AvgPool2D(2, stride: 1).Flatten().Dense(7, useBias: false).Tanh().Dense(3).Build(4);

    [Fact]
    public void SavedAndLoaded_PredictsTheSameBits()
    {
        var model = Cnn();
        var x = Tensor.Normal(new Rng(1), (5, 2, 9, 8));
        // Some training, so that running statistics are not what they were made as.
        var optimizer = new Adam(0.01).Attach(model.Parameters);
        model.Forward(x, ForwardContext.Training(new Rng(2))).Square().Mean().Backward();
        optimizer.Step();

        new ModelFile(model, new Dictionary<string, string> { ["note"] = "übung \"1\"\n" }).Save(PathOf("m.safetensors"));
        var loaded = ModelFile.Load(PathOf("m.safetensors"));

        Assert.Equal(model.Predict(x).ToArray<float>(), loaded.Network.Predict(x).ToArray<float>());
        Assert.Equal("übung \"1\"\n", loaded.Metadata["note"]);
        Assert.Equal(model.Layers.Select(l => l.Name), loaded.Network.Layers.Select(l => l.Name));
    }

    [Fact]
    public void Float64Model_StaysFloat64()
    {
        var model = Network.Input(3).Add(new Dense(3, 4, dtype: DType.Float64)).Add(new BatchNorm(4, dtype: DType.Float64)).Tanh().Build(1);
        var x = Tensor.Normal(new Rng(1), (5, 3), dtype: DType.Float64);
        new ModelFile(model).Save(PathOf("m.safetensors"));

        Assert.Equal(model.Predict(x).ToArray<double>(), ModelFile.Load(PathOf("m.safetensors")).Network.Predict(x).ToArray<double>());
    }

    [Fact]
    public void SameModel_GivesTheSameBytes()
    {
        new ModelFile(Cnn()).Save(PathOf("a.safetensors"));
        new ModelFile(Cnn()).Save(PathOf("b.safetensors"));
        Assert.Equal(File.ReadAllBytes(PathOf("a.safetensors")), File.ReadAllBytes(PathOf("b.safetensors")));
    }

    [Fact]
    public void WeightsWithoutAModel_AreRefused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("w", Tensor.Ones(3));
        writer.Save(PathOf("w.safetensors"));
        var error = Assert.Throws<FormatException>(() => ModelFile.Load(PathOf("w.safetensors")));
        Assert.EndsWith("this safetensors file holds weights but no Glia model. Save models with ModelFile.Save, or with 'glia train'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReservedMetadata_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new ModelFile(Cnn(), new Dictionary<string, string> { ["glia.format"] = "2" }));
        Assert.Equal("The metadata name 'glia.format' is reserved.", error.Message);
    }

    [Theory]
    [InlineData("\"units\":7", "\"units\":2000000000", "parameters, more than its file holds")]
    [InlineData("\"units\":7", "\"units\":8", "does not fit the model: 'dense1.weight' expects (8, 12) but got (7, 12)")]
    [InlineData("\"kind\":\"Tanh\"", "\"kind\":\"System.Object\"", "holds a layer 'System.Object', which this version of Glia does not know")]
    [InlineData("\"version\":1", "\"version\":9", "version 9, but this version of Glia reads version 1")]
    [InlineData("\"input\":[2,9,8]", "\"input\":[2,9,-8]", "cannot be read")]
    [InlineData("\"decay\":0.9", "\"decay\":\"x\"", "expects a number for 'decay'")]
    public void TamperedArchitecture_IsRefusedByName(string original, string changed, string expected)
    {
        var writer = new SafetensorsWriter();
        new ModelFile(Cnn()).Save(PathOf("m.safetensors"));
        using (var file = SafetensorsFile.Open(PathOf("m.safetensors")))
        {
            foreach (var (key, value) in file.Metadata)
            {
                Assert.True(key != "glia.architecture" || value.Contains(original, StringComparison.Ordinal), value);
                writer.AddMetadata(key, value.Replace(original, changed, StringComparison.Ordinal));
            }
            foreach (var entry in file.Entries)
                writer.Add(entry.Name, file.ReadTensor(entry.Name));
        }
        writer.Save(PathOf("tampered.safetensors"));
        Assert.Contains(expected, Assert.Throws<FormatException>(() => ModelFile.Load(PathOf("tampered.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CutAnywhere_IsAFormatException()
    {
        new ModelFile(Network.Input(2).Dense(3).Build()).Save(PathOf("m.safetensors"));
        var bytes = File.ReadAllBytes(PathOf("m.safetensors"));
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(PathOf("cut.safetensors"), bytes[..length]);
            Assert.ThrowsAny<FormatException>(() => ModelFile.Load(PathOf("cut.safetensors")));
        }
    }

    [Fact]
    public void OtherTools_SeeTheWeightsByName()
    {
        new ModelFile(Network.Input(2).Dense(3, name: "fc").Build(1)).Save(PathOf("m.safetensors"));
        using var file = SafetensorsFile.Open(PathOf("m.safetensors"));
        Assert.Equal(["fc.bias", "fc.weight"], file.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Contains("\"kind\":\"Dense\"", Encoding.UTF8.GetString(File.ReadAllBytes(PathOf("m.safetensors"))).Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
