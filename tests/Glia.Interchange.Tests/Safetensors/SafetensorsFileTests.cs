using System.Text.Json;

namespace Glia.Interchange.Tests.Safetensors;

public class SafetensorsFileTests
{
    public static TheoryData<string> Fixtures() =>
        [.. Directory.GetFiles(FixtureFolder, "*.safetensors").Select(path => Path.GetFileName(path))];

    private static string FixtureFolder => Path.Combine(AppContext.BaseDirectory, "Fixtures");

    private static string Fixture(string name) => Path.Combine(FixtureFolder, name);

    [Fact]
    public void PyTorchLinear_ReproducesItsOutput()
    {
        using var file = SafetensorsFile.Open(Fixture("linear__2x3_4to2.safetensors"));
        Assert.Equal("linear", JsonDocument.Parse(file.Metadata["case"]).RootElement.GetProperty("op").GetString());
        var (x, weight, bias) = (file.ReadDoubles("in.x"), file.ReadDoubles("param.weight"), file.ReadDoubles("param.bias"));
        Assert.Equal([2, 3, 4], file.Entry("in.x").Shape);
        Assert.Equal([2, 4], file.Entry("param.weight").Shape);
        var expected = file.ReadDoubles("out.y");
        for (var row = 0; row < 6; row++)
        {
            for (var column = 0; column < 2; column++)
            {
                var sum = bias[column];
                for (var i = 0; i < 4; i++)
                    sum += x[(row * 4) + i] * weight[(column * 4) + i];
                Assert.Equal(expected[(row * 2) + column], sum, 1e-12);
            }
        }
    }

    [Fact]
    public void PyTorchWhere_ReproducesItsOutput()
    {
        using var file = SafetensorsFile.Open(Fixture("where__3x4.safetensors"));
        var condition = file.ReadBooleans("in.condition");
        var (a, b) = (file.ReadDoubles("in.a"), file.ReadDoubles("in.b"));
        Assert.Equal(file.ReadDoubles("out.y"), condition.Select((chosen, i) => chosen ? a[i] : b[i]));
    }

    [Fact]
    public void PyTorchEmbedding_ReproducesItsOutput()
    {
        using var file = SafetensorsFile.Open(Fixture("embedding__v5_e4.safetensors"));
        var indices = file.Entries.Single(entry => entry.DType == SafetensorsDType.I64);
        var weight = file.ReadDoubles("param.weight");
        var expected = file.ReadIntegers(indices.Name).SelectMany(row => weight[((int)row * 4)..(((int)row * 4) + 4)]);
        Assert.Equal(expected, file.ReadDoubles("out.y"));
    }

    [Fact]
    public void PyTorchCrossEntropy_ReproducesItsOutput()
    {
        using var file = SafetensorsFile.Open(Fixture("cross_entropy__1x2_single_mean.safetensors"));
        var logits = file.ReadDoubles("in.input");
        var target = file.ReadIntegers("in.target").Single();
        Assert.True(file.Entry("out.y").Shape.IsEmpty);
        var expected = Math.Log(logits.Sum(Math.Exp)) - logits[target];
        Assert.Equal(expected, file.ReadDoubles("out.y").Single(), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void RealFile_SurvivesReadingAndWriting(string name)
    {
        using var file = SafetensorsFile.Open(Fixture(name));
        var writer = new SafetensorsWriter();
        foreach (var (key, value) in file.Metadata)
            writer.AddMetadata(key, value);
        foreach (var entry in file.Entries)
            writer.Add(entry.Name, entry.DType, entry.Shape, file.ReadBytes(entry.Name));
        var copy = SafetensorsFile.Read(writer.ToArray());
        Assert.Equal(file.Metadata, copy.Metadata);
        Assert.Equal(file.Entries.Count, copy.Entries.Count);
        foreach (var entry in file.Entries)
        {
            Assert.Equal(entry.ToString(), copy.Entry(entry.Name).ToString());
            Assert.Equal(file.ReadBytes(entry.Name), copy.ReadBytes(entry.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void FileCutAnywhere_IsRefused(string name)
    {
        var content = File.ReadAllBytes(Fixture(name));
        for (var length = 0; length < content.Length; length++)
            Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(content.AsMemory(0, length)));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void FileWithOneChangedByte_IsReadOrRefused(string name)
    {
        var content = File.ReadAllBytes(Fixture(name));
        var headerEnd = 8 + (int)BitConverter.ToUInt64(content);
        var refused = 0;
        for (var position = 0; position < headerEnd; position++)
        {
            foreach (var mask in (byte[])[0x01, 0x02, 0x10, 0x20, 0x40, 0x80, 0xFF])
            {
                content[position] ^= mask;
                refused += Refuses(content) ? 1 : 0;
                content[position] ^= mask;
            }
        }

        Assert.True(refused > headerEnd);
    }

    private static bool Refuses(byte[] content)
    {
        try
        {
            var file = SafetensorsFile.Read(content);
            foreach (var entry in file.Entries)
                file.ReadBytes(entry.Name);
            return false;
        }
        catch (SafetensorsException)
        {
            return true;
        }
    }

    [Fact]
    public void Entries_AreInTheOrderOfTheirData()
    {
        var file = SafetensorsBytes.Read(
            """{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1,1],"data_offsets":[0,1]}}""", 2);
        Assert.Equal(["a U8[1, 1]", "b U8[1]"], file.Entries.Select(entry => entry.ToString()));
        Assert.True(file.Contains("a"));
        Assert.False(file.Contains("c"));
    }

    [Fact]
    public void MissingEntry_ListsWhatThereIs()
    {
        var file = SafetensorsBytes.Read("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1);
        var error = Assert.Throws<SafetensorsException>(() => file.ReadBytes("b"));
        Assert.Equal("safetensors data: it has no entry 'b'; its entries are 'a'.", error.Message);
    }

    [Fact]
    public void PartOfAnEntry_IsCopied()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", SafetensorsDType.U8, [2], new byte[] { 1, 2 });
        writer.Add("b", SafetensorsDType.U8, [5], new byte[] { 3, 4, 5, 6, 7 });
        var part = new byte[3];
        var file = SafetensorsFile.Read(writer.ToArray());
        file.CopyTo("b", part, offset: 1);
        Assert.Equal([4, 5, 6], part);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo("b", new byte[3], offset: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo("b", new byte[1], offset: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo("b", new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo("b", new byte[1], offset: long.MaxValue));
    }

    [Fact]
    public void ClosedFile_RefusesToRead()
    {
        var file = SafetensorsFile.Open(Fixture("where__3x4.safetensors"));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.ReadDoubles("in.a"));
    }

    [Fact]
    public void FileThatShrinksWhileOpen_IsReported()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Fixture("where__3x4.safetensors"), folder["a"]);
        using var file = SafetensorsFile.Open(folder["a"]);
        using (var writer = new FileStream(folder["a"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            writer.SetLength(900);
        var error = Assert.Throws<SafetensorsException>(() => file.ReadDoubles("grad.b"));
        Assert.Equal($"{folder["a"]}: it became shorter while it was read.", error.Message);
    }

    [Fact]
    public void RefusedFile_IsClosed()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a"], [1, 2, 3]);
        var error = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(folder["a"]));
        Assert.Equal($"{folder["a"]}: it is 3 bytes long; a safetensors file has at least 8.", error.Message);
        using var exclusive = new FileStream(folder["a"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void FolderOrMissingFile_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<SafetensorsException>(() => SafetensorsFile.Open(folder.Path));
        Assert.Throws<FileNotFoundException>(() => SafetensorsFile.Open(folder["a"]));
    }
}
