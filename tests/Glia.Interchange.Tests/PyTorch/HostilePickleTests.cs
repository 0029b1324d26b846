using System.IO.Compression;

namespace Glia.Interchange.Tests.PyTorch;

/// <summary>Pickles that want to run something, claim too much or are damaged.</summary>
public class HostilePickleTests
{
    private const long FewMegabytes = 4 << 20;

    /// <summary>A dictionary of one tensor under many names.</summary>
    private static byte[] Names(int count, Pickle tensor)
    {
        var pickle = Pickle.New.Op('}').Op('(').Text("w0").Op(tensor.Bytes[2..^1]).Op('q', 0);
        for (var i = 1; i < count; i++)
            pickle.Text($"w{i}").Op('h', 0);
        return pickle.Op('u').Bytes;
    }

    private static string Refuse(byte[] pickle, byte[]? storage = null, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        var archive = Pickle.Archive(pickle, storage ?? new byte[24], compression);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<WeightFileException>(() =>
        {
            using var file = PyTorchFile.Read(archive, "f");
            foreach (var entry in file.Entries)
                file.ReadBytes(entry.Name);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FewMegabytes + (32L * archive.Length));
        return error.Message;
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    [InlineData("torch.nn.modules.linear", "Linear")]
    [InlineData("collections", "OrderedDict.fromkeys")]
    [InlineData("numpy.core.multiarray", "scalar")]
    public void OtherNames_AreRefusedByName(string module, string name)
    {
        Assert.StartsWith($"f: it wants to run '{module}.{name}' of Python", Refuse(Pickle.New.Global(module, name).Op('(').Text("echo").Op('t').Op('R').Bytes), StringComparison.Ordinal);
        Assert.StartsWith($"f: it wants to run '{module}.{name}' of Python", Refuse(Pickle.New.Text(module).Text(name).Op(0x93).Bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('i')]
    [InlineData('o')]
    [InlineData('P')]
    [InlineData('I')]
    [InlineData('d')]
    [InlineData('2')]
    [InlineData('\x81')]
    [InlineData('\x82')]
    [InlineData('\x92')]
    [InlineData('\x8b')]
    [InlineData('\x8f')]
    [InlineData('\x96')]
    public void OtherOpcodes_AreRefusedByName(char opcode) => Assert.StartsWith($"f: its pickle uses the opcode 0x{(int)opcode:x2}", Refuse(Pickle.New.Op((byte)opcode).Bytes), StringComparison.Ordinal);

    [Fact]
    public void StateOfAnObject_IsRefused() => Assert.Contains("sets the inner state of an object", Refuse(Pickle.New.Tuple(1).Op('}').Op('b').Bytes), StringComparison.Ordinal);

    [Fact]
    public void CallOfWhatIsNoFunction_IsRefused()
    {
        Assert.Contains("it calls what is no function", Refuse(Pickle.New.Text("os").Op(')').Op('R').Bytes), StringComparison.Ordinal);
        Assert.Contains("'torch.FloatStorage' is given 0 arguments", Refuse(Pickle.New.Global("torch", "FloatStorage").Op(')').Op('R').Bytes), StringComparison.Ordinal);
        Assert.Contains("'collections.OrderedDict' is given 1 arguments", Refuse(Pickle.New.Global("collections", "OrderedDict").Tuple(1).Op('R').Bytes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 0, new[] { 2, 4 }, new[] { 4, 1 }, "reaches beyond its storage of 6 elements")]
    [InlineData(6, 1, new[] { 2, 3 }, new[] { 3, 1 }, "reaches beyond its storage of 6 elements")]
    [InlineData(6, -1, new[] { 2, 3 }, new[] { 3, 1 }, "begins at -1")]
    [InlineData(6, 0, new[] { 2, 3 }, new[] { int.MaxValue, 1 }, "reaches beyond its storage")]
    [InlineData(6, 0, new[] { -2, 3 }, new[] { 3, 1 }, "is no number from 0 on")]
    [InlineData(6, 0, new[] { 2, 3 }, new[] { -3, 1 }, "is no number from 0 on")]
    [InlineData(6, 0, new[] { 2, 3 }, new[] { 3 }, "has 2 sizes and 1 strides")]
    [InlineData(6, 0, new[] { int.MaxValue, int.MaxValue, int.MaxValue }, new[] { 0, 0, 0 }, "has too many elements")]
    [InlineData(6, 0, new[] { 100_000, 100_000 }, new[] { 0, 0 }, "repeats the 6 elements of its storage")]
    [InlineData(7, 0, new[] { 2, 3 }, new[] { 3, 1 }, "should have 28 bytes but have 24")]
    [InlineData(int.MaxValue, 0, new[] { int.MaxValue }, new[] { 1 }, "should have 8589934588 bytes but have 24")]
    public void TensorBeyondItsStorage_IsRefused(int count, int offset, int[] shape, int[] strides, string expected) =>
        Assert.Contains(expected, Refuse(Pickle.OneTensor(count, offset, shape, strides)), StringComparison.Ordinal);

    [Fact]
    public void MissingStorage_IsRefused() =>
        Assert.Contains("the numbers '7' of tensor 'w' are missing", Refuse(Pickle.New.Op('}').Text("w").Tensor("7", 6, 0, [6], [1]).Op('s').Bytes), StringComparison.Ordinal);

    [Fact]
    public void TwoTensorsOfOneName_AreRefused() => Assert.Contains(
        "two tensors have the name 'w'",
        Refuse(Pickle.New.Op('}').Op('(').Text("w").Tensor("0", 6, 0, [6], [1]).Text("w").Tensor("0", 6, 0, [6], [1]).Op('u').Bytes),
        StringComparison.Ordinal);

    [Fact]
    public void TextLongerThanTheFile_IsRefusedWithoutAllocating()
    {
        Assert.Contains("it is cut short", Refuse(Pickle.New.Op('X').Op(0xff, 0xff, 0xff, 0xff).Bytes), StringComparison.Ordinal);
        Assert.Contains("it is cut short", Refuse(Pickle.New.Op(0x8d).Op(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void DictionariesThatReferToEachOther_AreBounded()
    {
        // Each holds the one before twice: 2^60 names.
        var laughs = Pickle.New.Op('}').Text("w").Tensor("0", 6, 0, [6], [1]).Op('s').Op('q', 0);
        for (byte i = 1; i < 25; i++)
            laughs.Op('}').Op('(').Text("a").Op('h', (byte)(i - 1)).Text("b").Op('h', (byte)(i - 1)).Op('u').Op('q', i);
        Assert.Contains("so often that there would be too many names", Refuse(Laughs(laughs)), StringComparison.Ordinal);

        static byte[] Laughs(Pickle pickle)
        {
            // Only the last one stays on the stack.
            var all = Pickle.New.Op('(').Op(pickle.Bytes[2..^1]).Op('1').Op('h', 24);
            return all.Bytes;
        }
    }

    [Fact]
    public void OneTensorUnderManyNames_IsBounded()
    {
        // An element repeated 65,536 times, and the whole of a storage, a thousand times each.
        Assert.Contains("share their numbers so often", Refuse(Names(1000, Pickle.New.Tensor("0", 1, 0, [1 << 16], [0])), new byte[4]), StringComparison.Ordinal);
        Assert.Contains("share their numbers so often", Refuse(Names(1000, Pickle.New.Tensor("0", 10_000, 0, [10_000], [1])), new byte[40_000]), StringComparison.Ordinal);
    }

    [Fact]
    public void FewElementsAllOverTheirStorage_AreBounded() => Assert.Contains(
        "share their numbers so often", Refuse(Names(20_000, Pickle.New.Tensor("0", 10_000, 0, [2], [9_999])), new byte[40_000]), StringComparison.Ordinal);

    [Fact]
    public void ColumnsOfAMatrix_AreRead()
    {
        var pickle = Pickle.New.Op('}').Op('(');
        for (var i = 0; i < 1000; i++)
            pickle.Text($"w{i}").Tensor("0", 1_000_000, i, [1000], [1000]);
        using var file = PyTorchFile.Read(Pickle.Archive(pickle.Op('u').Bytes, new byte[4_000_000]));
        Assert.Equal(new float[1000], file.ReadSingles("w999"));
    }

    [Fact]
    public void WeightsOfManyLayers_MayBeTheSame()
    {
        using var file = PyTorchFile.Read(Pickle.Archive(Names(24, Pickle.New.Tensor("0", 1_000_000, 0, [1000, 1000], [1, 1000])), new byte[4_000_000]));
        Assert.Equal(24, file.Entries.Count);
        Assert.Equal(1_000_000, file.ReadSingles("w23").Length);
    }

    [Fact]
    public void DictionaryUnderManyNames_MakesNoMoreTensorsThanBytes()
    {
        // 1000 empty tensors in each of 35 dictionaries that are one.
        var pickle = Pickle.New.Op('}').Text("w").Op(Names(1000, Pickle.New.Tensor("0", 6, 0, [0], [1]))[2..^1]).Op('q', 1).Op('s').Op('(');
        for (var i = 0; i < 35; i++)
            pickle.Text($"v{i}").Op('h', 1);
        Assert.Contains("so often that there would be too many names", Refuse(pickle.Op('u').Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void DeviceOfALongName_IsNotMadeAnewForEachReference()
    {
        var pickle = Pickle.New.Op('(').Text(new string('a', 50_000)).Op('q', 0).Global("torch", "device").Op('q', 1);
        for (var i = 0; i < 6000; i++)
            pickle.Op('h', 1).Op('h', 0).Op('K', 1).Op(0x86).Op('R');
        Assert.Contains("'torch.device' is given 2 arguments that do not fit", Refuse(pickle.Op('t').Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void ListThatHoldsItself_IsRefused() =>
        Assert.Contains("nested more than 32 deep", Refuse(Pickle.New.Op(']').Op('q', 0).Op('h', 0).Op('a').Bytes), StringComparison.Ordinal);

    [Fact]
    public void DeeplyNestedTuples_AreRefused()
    {
        var deep = Pickle.New.Op(')');
        for (var i = 0; i < 100_000; i++)
            deep.Op(0x85);
        Assert.Contains("nested more than 32 deep", Refuse(deep.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void CompressedPickleOfOneOpcode_IsRefused() =>
        Assert.Contains("which no list of tensors is", Refuse([.. Enumerable.Repeat((byte)'}', 1_000_000)], compression: CompressionLevel.SmallestSize), StringComparison.Ordinal);

    [Fact]
    public void CompressedStorage_IsReadUpToWhatTensorsSay()
    {
        var pickle = Pickle.OneTensor(6, 0, [6], [1]);
        using var file = PyTorchFile.Read(Pickle.Archive(pickle, new byte[24], CompressionLevel.SmallestSize));
        Assert.Equal(new float[6], file.ReadSingles("w"));
        Assert.Contains("should have 24 bytes but have 10000000", Refuse(pickle, new byte[10_000_000], CompressionLevel.SmallestSize), StringComparison.Ordinal);
    }

    [Fact]
    public void BigEndianNumbers_AreTurnedRound()
    {
        var storage = new byte[] { 0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0 };
        using var file = PyTorchFile.Read(Pickle.Archive(Pickle.OneTensor(2, 0, [2], [1]), storage, CompressionLevel.NoCompression, ("a/byteorder", "big"u8.ToArray())));
        Assert.Equal([1f, -2f], file.ReadSingles("w"));
    }

    [Fact]
    public void TypesOfNewerFiles_AreRead()
    {
        var pickle = Pickle.New.Op('}').Text("w").Global("torch._utils", "_rebuild_tensor_v3").Op('(').Op('(').Text("storage").Global("torch.storage", "UntypedStorage").Text("0").Text("cpu").Int(4).Op('t').Op('Q')
            .Int(0).Tuple(2).Tuple(1).Op(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Global("torch", "uint16").Op('t').Op('R').Op('s').Bytes;
        using var file = PyTorchFile.Read(Pickle.Archive(pickle, [0xff, 0xff, 1, 0]));
        Assert.Equal([65535L, 1], file.ReadIntegers("w"));
    }

    [Fact]
    public void TorchScript_IsRefused() => Assert.Contains(
        "it is a TorchScript program",
        Assert.Throws<WeightFileException>(() => PyTorchFile.Read(Pickle.Archive(Pickle.OneTensor(6, 0, [6], [1]), new byte[24], CompressionLevel.NoCompression, ("a/constants.pkl", [])))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void FileWithoutTensors_IsRefused() => Assert.Contains("it holds no tensors", Refuse(Pickle.New.Op('}').Text("epoch").Int(3).Op('s').Bytes), StringComparison.Ordinal);

    [Fact]
    public void RandomOpcodes_AreReadOrRefused()
    {
        const string opcodes = "(0NJKMGXU)]}taesuqrhjcQRb.1\x80\x85\x86\x87\x88\x89\x8a\x8c\x93\x94\x95";
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = new byte[random.Next(60)];
            for (var i = 0; i < bytes.Length; i++)
                bytes[i] = random.Next(3) == 0 ? (byte)random.Next(8) : (byte)opcodes[random.Next(opcodes.Length)];
            TestData.ReadsOrRefuses(Pickle.Archive(bytes));
        }
    }
}
