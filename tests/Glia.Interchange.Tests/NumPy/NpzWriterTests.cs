using System.IO.Compression;

namespace Glia.Interchange.Tests.NumPy;

public class NpzWriterTests
{
    [Fact]
    public void Array_GivesTheBytesThatNumpyGives()
    {
        using var folder = new TemporaryFolder();
        NpzWriter.SaveArray(folder["array.npy"], Tensor.From<double>([0, 1, 2, 3, 4, 5], (2, 3)));
        Assert.Equal(TestData.Bytes("array.npy"), File.ReadAllBytes(folder["array.npy"]));
    }

    [Fact]
    public void SameTensors_GiveTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (Tensor.Ones(3), Tensor.Arange(4, DType.Int64));
        ModuleWeights.Save(new Dictionary<string, Tensor> { ["a"] = a, ["b"] = b }, folder["1.npz"]);
        Thread.Sleep(1);
        ModuleWeights.Save(new Dictionary<string, Tensor> { ["b"] = b, ["a"] = a }, folder["2.npz"]);
        Assert.Equal(File.ReadAllBytes(folder["1.npz"]), File.ReadAllBytes(folder["2.npz"]));
        using var zip = ZipFile.OpenRead(folder["1.npz"]);
        Assert.Equal(["a.npy", "b.npy"], zip.Entries.Select(e => e.FullName));
        Assert.All(zip.Entries, e => Assert.Equal(e.Length, e.CompressedLength));
    }

    [Fact]
    public void WrongNamesAndTypes_AreRefused()
    {
        var writer = new NpzWriter();
        writer.Add("a", Tensor.Ones(1));
        Assert.Throws<ArgumentException>(() => writer.Add("a", Tensor.Ones(1)));
        Assert.Throws<ArgumentException>(() => writer.Add("b\0", Tensor.Ones(1)));
        Assert.StartsWith("NumPy has no type BF16.", Assert.Throws<ArgumentException>(() => writer.Add("b", SafetensorsDType.BF16, [1], _ => { })).Message, StringComparison.Ordinal);
    }
}
