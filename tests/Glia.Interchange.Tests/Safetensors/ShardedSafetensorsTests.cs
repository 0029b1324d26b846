using System.Text.Json;

namespace Glia.Interchange.Tests.Safetensors;

public sealed class ShardedSafetensorsTests : IDisposable
{
    private const string Index = "m.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private IReadOnlyList<string> WriteThree()
    {
        var writer = new ShardedSafetensorsWriter(maxShardBytes: 16);
        writer.Add("a", Tensor.Arange(3));
        writer.Add("b", Tensor.Full(1, 7));
        writer.Add("c", Tensor.Arange(9));
        writer.Add("d", Tensor.Full(4, 2.5), SafetensorsDType.BF16);
        return writer.Save(_folder[Index]);
    }

    private string Refuse(string name = Index) => Assert.Throws<SafetensorsException>(() => WeightFile.Open(_folder[name])).Message;

    private void WriteIndex(params (string Tensor, string File)[] places) =>
        File.WriteAllText(_folder[Index], JsonSerializer.Serialize(new { weight_map = places.ToDictionary(p => p.Tensor, p => p.File) }));

    private void WriteShard(string file, params string[] tensors)
    {
        var writer = new SafetensorsWriter();
        foreach (var tensor in tensors)
            writer.Add(tensor, Tensor.Ones(2));
        writer.Save(_folder[file]);
    }

    [Fact]
    public void Shards_AreFilledUpToTheirSizeAndReadAsOne()
    {
        var paths = WriteThree();
        Assert.Equal(["m-00001-of-00003.safetensors", "m-00002-of-00003.safetensors", "m-00003-of-00003.safetensors", Index], paths.Select(p => Path.GetFileName(p)));
        using var file = WeightFile.Open(_folder[Index]);
        Assert.Equal("safetensors in shards", file.Format);
        Assert.Equal(["a", "b", "c", "d"], file.Entries.Select(e => e.Name));
        Assert.Equal("60", file.Metadata["total_size"]);
        Assert.Equal(Enumerable.Range(0, 9).Select(i => (float)i), file.ReadSingles("c"));
        Assert.Equal(SafetensorsDType.BF16, file.Entry("d").DType);
        Assert.Equal([2.5f, 2.5f, 2.5f, 2.5f], file.ReadSingles("d"));
        using var second = SafetensorsFile.Open(paths[1]);
        Assert.Equal(["c"], second.Entries.Select(e => e.Name));
    }

    [Theory]
    [InlineData("../secret.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/x.safetensors")]
    [InlineData("sub\\x.safetensors")]
    [InlineData("C:x.safetensors")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public void NameOfAnotherPlace_IsRefused(string name)
    {
        WriteIndex(("a", name));
        Assert.Contains($"the tensor 'a' should lie in '{name}'; only files beside the index are read", Refuse(), StringComparison.Ordinal);
    }

    [Fact]
    public void Link_IsRefused()
    {
        WriteShard("real.safetensors", "a");
        File.CreateSymbolicLink(_folder["link.safetensors"], _folder["real.safetensors"]);
        WriteIndex(("a", "link.safetensors"));
        Assert.Contains("'link.safetensors' is a link, and links are not followed", Refuse(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatDoesNotFit_IsRefusedByName()
    {
        WriteShard("x.safetensors", "a", "b");
        WriteShard("y.safetensors", "b");
        WriteIndex(("a", "z.safetensors"));
        Assert.Contains("the file 'z.safetensors' that the index names is missing", Refuse(), StringComparison.Ordinal);
        WriteIndex(("a", "x.safetensors"));
        Assert.Contains("'x.safetensors' holds the tensor 'b', which the index does not know", Refuse(), StringComparison.Ordinal);
        WriteIndex(("a", "x.safetensors"), ("b", "x.safetensors"), ("c", "x.safetensors"));
        Assert.Contains("the tensor 'c' is not in 'x.safetensors', where the index says it lies", Refuse(), StringComparison.Ordinal);
        WriteIndex(("a", "x.safetensors"), ("b", "y.safetensors"));
        Assert.Contains("'x.safetensors' holds the tensor 'b', which lies in 'y.safetensors' as the index says", Refuse(), StringComparison.Ordinal);
        File.WriteAllText(_folder["y.safetensors"], "no");
        WriteIndex(("b", "y.safetensors"));
        Assert.Contains("y.safetensors: it is 2 bytes long", Refuse(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "it has no weight_map")]
    [InlineData("{\"weight_map\":{\"a\":\"x\",\"a\":\"x\"}}", "the tensor 'a' occurs twice")]
    [InlineData("{\"weight_map\":{},\"weight_map\":{}}", "weight_map occurs twice")]
    [InlineData("{\"weight_map\":[]}", "weight_map must be an object")]
    [InlineData("{\"weight_map\":{\"a\":1}}", "the place of 'a' must be the name of a file")]
    [InlineData("{\"weight_map\":{}", "not the JSON that the format prescribes")]
    [InlineData("{\"weight_map\":{}} x", "not the JSON that the format prescribes")]
    [InlineData("{\"weight_map\":{\"\\ud800\":\"x\"}}", "not valid Unicode")]
    public void BrokenIndex_IsRefused(string json, string expected)
    {
        File.WriteAllText(_folder[Index], json);
        Assert.Contains(expected, Refuse(), StringComparison.Ordinal);
    }

    [Fact]
    public void WrongArguments_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShardedSafetensorsWriter(0));
        var writer = new ShardedSafetensorsWriter();
        writer.Add("a", Tensor.Ones(1));
        Assert.Throws<ArgumentException>(() => writer.Add("a", Tensor.Ones(1)));
        Assert.Throws<ArgumentException>(() => writer.Add("b", Tensor.Ones(1), SafetensorsDType.I32));
        Assert.Throws<ArgumentException>(() => writer.Save(_folder["m.json"]));
    }
}
