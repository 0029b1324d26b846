namespace Glia.Interchange.Tests.PyTorch;

public class PyTorchFileTests
{
    [Fact]
    public void AllTypesAndLayouts_AreRead()
    {
        using var file = PyTorchFile.Open(TestData.PathOf("kinds.pt"));
        Assert.Equal("PyTorch", file.Format);
        Assert.Equal([-1, -0.5, 0, 0.5, 1], file.ReadDoubles("f64"));
        Assert.Equal([1, -2.5f, 65504, float.PositiveInfinity], file.ReadSingles("f16"));
        Assert.Equal(SafetensorsDType.BF16, file.Entry("bf16").DType);
        Assert.Equal([1, -2.5f, 3.00405527e38f, float.NaN], file.ReadSingles("bf16"));
        Assert.Equal([-(1L << 62), 7], file.ReadIntegers("i64"));
        foreach (var name in (string[])["i32", "i16", "i8"])
            Assert.Equal([-5, 6], file.ReadIntegers(name));
        Assert.Equal([250, 6], file.ReadIntegers("u8"));
        Assert.Equal([true, false, true], file.ReadBooleans("bool"));
        Assert.Equal(2.5, file.ReadTensor("scalar").Item());
        Assert.Equal((0, 3), file.ReadTensor("empty").Shape);
        var b = file.ReadTensor("base");
        Assert.Equal(b.Permute(2, 0, 1).ToArray<float>(), file.ReadSingles("transposed"));
        Assert.Equal([13, 14, 17, 18, 21, 22], file.ReadSingles("part"));
        Assert.Equal([0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23], file.ReadSingles("stepped"));
        Assert.Equal([1, 1, 1, 2, 2, 2], file.ReadSingles("expanded"));
        Assert.Equal([1, 1], file.ReadSingles("parameter"));
        Assert.Equal([0, 0], file.ReadSingles("nested.1.deep.0"));
        Assert.Equal("cpu", file.Metadata["device"]);
    }

    [Fact]
    public void PieceOfATransposedTensor_IsCopied()
    {
        using var file = PyTorchFile.Open(TestData.PathOf("kinds.pt"));
        var whole = file.ReadBytes("transposed");
        var pieces = new byte[whole.Length];
        for (var at = 0; at < pieces.Length; at += 5)
            file.CopyTo("transposed", pieces.AsSpan(at, Math.Min(5, pieces.Length - at)), at);
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public void Checkpoint_TellsItsPartsAndTexts()
    {
        using var file = WeightFile.Open(TestData.PathOf("mlp.checkpoint.pt"));
        Assert.Equal(["model"], file.Parts);
        Assert.Equal("3", file.Metadata["epoch"]);
        Assert.Equal("mlp", file.Metadata["name"]);
        Assert.Contains("model.fc1.weight", file.Entries.Select(e => e.Name));
        Assert.Contains("optimizer.state.0.exp_avg", file.Entries.Select(e => e.Name));
    }

    [Fact]
    public void OldFormat_HoldsTheSameAsTheNewOne()
    {
        using var old = WeightFile.Open(TestData.PathOf("mlp.old.pt"));
        using var now = WeightFile.Open(TestData.PathOf("mlp.pt"));
        Assert.Equal("PyTorch (before 1.6)", old.Format);
        Assert.Equal(now.Entries.Select(e => e.ToString()), old.Entries.Select(e => e.ToString()));
        Assert.All(now.Entries, e => Assert.Equal(now.ReadBytes(e.Name), old.ReadBytes(e.Name)));
    }

    [Fact]
    public void SingleTensor_HasAName()
    {
        using var file = WeightFile.Open(TestData.PathOf("tensor.pt"));
        Assert.Equal([13, 14, 17, 18, 21, 22], file.ReadSingles("tensor"));
    }

    [Fact]
    public void WholeModel_IsRefusedWithTheWayOut()
    {
        var error = Assert.Throws<WeightFileException>(() => WeightFile.Open(TestData.PathOf("mlp.whole.pt")));
        Assert.Contains("it wants to run 'torch.nn.modules.container.Sequential' of Python, and Glia runs nothing of a file.", error.Message, StringComparison.Ordinal);
        Assert.Contains("save torch.save(model.state_dict(), path) rather than the whole model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stream_IsReadToo()
    {
        using var stream = File.OpenRead(TestData.PathOf("mlp.pt"));
        using var file = PyTorchFile.Read(stream);
        Assert.Equal(4, file.Entries.Count);
    }

    [Theory]
    [InlineData("mlp.pt")]
    [InlineData("mlp.old.pt")]
    [InlineData("kinds.pt")]
    public void FileCutAnywhere_IsRefused(string name)
    {
        var bytes = TestData.Bytes(name);
        for (var length = 0; length < bytes.Length; length += 7)
            Assert.Throws<WeightFileException>(() => WeightFile.Read(bytes.AsMemory(0, length)));
    }

    [Theory]
    [InlineData("mlp.pt")]
    [InlineData("mlp.old.pt")]
    [InlineData("kinds.pt")]
    public void FileWithOneChangedByte_IsReadOrRefused(string name)
    {
        var bytes = TestData.Bytes(name);
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var change in (byte[])[1, 0x80, 0xff])
            {
                bytes[i] ^= change;
                TestData.ReadsOrRefuses(bytes);
                bytes[i] ^= change;
            }
        }
    }
}
