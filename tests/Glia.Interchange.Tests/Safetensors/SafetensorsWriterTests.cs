using System.Text;

namespace Glia.Interchange.Tests.Safetensors;

public class SafetensorsWriterTests
{
    private static string HeaderOf(byte[] file) => Encoding.UTF8.GetString(file, 8, (int)BitConverter.ToUInt64(file));

    [Fact]
    public void OneEntry_GivesTheBytesOtherToolsGive()
    {
        var writer = new SafetensorsWriter();
        writer.Add("attn.0", SafetensorsDType.F32, [1, 2, 3], new byte[24]);
        byte[] expected =
        [
            64, 0, 0, 0, 0, 0, 0, 0, .. """{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}"""u8, .. new byte[24],
        ];
        Assert.Equal(expected, writer.ToArray());
    }

    [Fact]
    public void Entries_AreOrderedByTypeThenNameWhateverTheOrderOfAdding()
    {
        (string Name, SafetensorsDType DType, int Size)[] entries =
        [
            ("b", SafetensorsDType.F32, 4), ("a", SafetensorsDType.F32, 4), ("m", SafetensorsDType.Bool, 1), ("z", SafetensorsDType.F64, 8),
            ("i", SafetensorsDType.I64, 8), ("B", SafetensorsDType.F32, 4), ("h", SafetensorsDType.F16, 2),
        ];
        byte[] Write(IEnumerable<(string Name, SafetensorsDType DType, int Size)> order)
        {
            var writer = new SafetensorsWriter();
            foreach (var (name, dtype, size) in order)
                writer.Add(name, dtype, [], Enumerable.Repeat((byte)name[0], size).ToArray());
            return writer.ToArray();
        }

        var bytes = Write(entries);
        Assert.Equal("i z B a b h m", string.Join(' ', SafetensorsFile.Read(bytes).Entries.Select(entry => entry.Name)));
        Assert.Equal(bytes, Write(entries.Reverse()));
        Assert.Equal(bytes, Write(entries.OrderBy(entry => entry.Name)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Header_IsPaddedToEightBytes(int nameLength)
    {
        var writer = new SafetensorsWriter();
        writer.Add(new string('n', nameLength), SafetensorsDType.U8, [1], new byte[] { 42 });
        var bytes = writer.ToArray();
        Assert.Equal(0UL, BitConverter.ToUInt64(bytes) % 8);
        Assert.Equal([42], SafetensorsFile.Read(bytes).ReadBytes(new string('n', nameLength)));
    }

    [Fact]
    public void Metadata_KeepsItsOrderAndAnyText()
    {
        var writer = new SafetensorsWriter();
        (string, string)[] texts = [("z", "1"), ("a", "\"\\\n\t\u0001"), ("grüß", "日本 🙂 </script>"), ("", "")];
        foreach (var (key, value) in texts)
            writer.AddMetadata(key, value);
        var file = SafetensorsFile.Read(writer.ToArray());
        Assert.Equal(texts, file.Metadata.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Nothing_GivesAnEmptyFile()
    {
        var bytes = new SafetensorsWriter().ToArray();
        Assert.Equal("{}      ", HeaderOf(bytes));
        Assert.Empty(SafetensorsFile.Read(bytes).Entries);
    }

    [Fact]
    public void EmptyTensors_SurviveBesideOthers()
    {
        var writer = new SafetensorsWriter();
        writer.Add("a", SafetensorsDType.F32, [0, 3], ReadOnlyMemory<byte>.Empty);
        writer.Add("b", SafetensorsDType.F32, [1], new byte[4]);
        writer.Add("c", SafetensorsDType.F32, [2, 0], ReadOnlyMemory<byte>.Empty);
        var file = SafetensorsFile.Read(writer.ToArray());
        Assert.Equal([0, 3], file.Entry("a").Shape);
        Assert.Empty(file.ReadSingles("c"));
        Assert.Equal(4, file.Entry("b").ByteLength);
    }

    [Fact]
    public void SavedFile_OpensAgain()
    {
        using var folder = new TemporaryFolder();
        var writer = new SafetensorsWriter();
        writer.Add("x", SafetensorsDType.U8, [3], stream => stream.Write([1, 2, 3]));
        writer.Save(folder["x.safetensors"]);
        using (var file = SafetensorsFile.Open(folder["x.safetensors"]))
        {
            Assert.Equal([1, 2, 3], file.ReadBytes("x"));
            // Readers of the old file keep it while a new one takes its place.
            writer.Save(folder["x.safetensors"]);
            Assert.Equal([1, 2, 3], file.ReadBytes("x"));
        }

        Assert.Equal(writer.ToArray(), File.ReadAllBytes(folder["x.safetensors"]));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void CallbackThatWritesAnotherLength_LeavesNoFile(int length)
    {
        using var folder = new TemporaryFolder();
        var writer = new SafetensorsWriter();
        writer.Add("x", SafetensorsDType.U8, [3], stream => stream.Write(new byte[length]));
        var error = Assert.Throws<InvalidOperationException>(() => writer.Save(folder["x.safetensors"]));
        Assert.Equal($"x U8[3] needs 3 bytes but its callback wrote {length}.", error.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void WrongArguments_AreRefused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", SafetensorsDType.U8, [1], new byte[1]);
        writer.AddMetadata("k", "v");
        Assert.Throws<ArgumentException>(() => writer.Add("x", SafetensorsDType.U8, [1], new byte[1]));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", SafetensorsDType.U8, [1], new byte[1]));
        Assert.Throws<ArgumentException>(() => writer.Add("\ud800", SafetensorsDType.U8, [1], new byte[1]));
        Assert.Throws<ArgumentException>(() => writer.Add("y", SafetensorsDType.U8, [-1], new byte[1]));
        Assert.Throws<ArgumentException>(() => writer.Add("y", SafetensorsDType.F32, [long.MaxValue, 2], _ => { }));
        Assert.Throws<ArgumentException>(() => writer.Add("y", SafetensorsDType.U8, [long.MaxValue], _ => { }));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add("y", (SafetensorsDType)99, [1], new byte[1]));
        Assert.Throws<ArgumentException>(() => writer.AddMetadata("k", "v"));
        var error = Assert.Throws<ArgumentException>(() => writer.Add("y", SafetensorsDType.F32, [2, 3], new byte[23]));
        Assert.StartsWith("y F32[2, 3] needs 24 bytes but 23 were given.", error.Message, StringComparison.Ordinal);
        const string header = """{"__metadata__":{"k":"v"},"x":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""";
        Assert.Equal(header, HeaderOf(writer.ToArray()).TrimEnd());
    }
}
