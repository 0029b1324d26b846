using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Glia.Interchange.Tests.NumPy;

namespace Glia.Interchange.Tests.Weights;

public class ZipReaderTests
{
    private static readonly byte[] Array = NumpyFileTests.Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 8);

    private static byte[] Zip(CompressionLevel level, params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }

    private static string Refuse(byte[] archive) => Assert.Throws<WeightFileException>(() =>
    {
        using var file = NumpyFile.Read(archive);
        foreach (var entry in file.Entries)
            file.ReadBytes(entry.Name);
    }).Message;

    private static int Find(byte[] archive, uint signature)
    {
        for (var at = archive.Length - 4; at >= 0; at--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(archive.AsSpan(at)) == signature)
                return at;
        }
        throw new InvalidOperationException("There is none.");
    }

    [Fact]
    public void ChangedNumber_IsFoundByTheChecksum()
    {
        var archive = Zip(CompressionLevel.NoCompression, ("a.npy", Array));
        archive[30 + 5 + Array.Length - 1] ^= 1;
        Assert.Contains("'a.npy' does not match its checksum", Refuse(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void OverlappingFiles_AreRefused()
    {
        // Both entries of the table point to the first file, as in archives that unpack to millions of times their size.
        var archive = Zip(CompressionLevel.NoCompression, ("a.npy", Array), ("b.npy", Array));
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(Find(archive, 0x02014b50) + 42), 0);
        Assert.Contains("overlaps another file of the archive", Refuse(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void FilesOfOneName_AreRefused() =>
        Assert.Contains("'a.npy' occurs twice", Refuse(Zip(CompressionLevel.NoCompression, ("a.npy", Array), ("a.npy", Array))), StringComparison.Ordinal);

    [Fact]
    public void OtherFiles_AreRefused()
    {
        Assert.Contains("it holds 'readme.txt', which is no .npy file", Refuse(Zip(CompressionLevel.NoCompression, ("readme.txt", [1]))), StringComparison.Ordinal);
        Assert.Contains("a zip archive of neither PyTorch nor NumPy", Assert.Throws<WeightFileException>(() => WeightFile.Read(Zip(CompressionLevel.NoCompression, ("readme.txt", [1])))).Message, StringComparison.Ordinal);
        Assert.Contains("a model of Keras", Assert.Throws<WeightFileException>(() => WeightFile.Read(Zip(CompressionLevel.NoCompression, ("config.json", [1]), ("model.weights.h5", [1])))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 1, "is encrypted")]
    [InlineData(10, 99, "is compressed by method 99")]
    [InlineData(24, 7, "is stored as it is but has two lengths")]
    [InlineData(42, 9_999, "does not lie inside the archive")]
    [InlineData(42, 1, "is not where the table says")]
    public void ChangedTable_IsRefused(int at, int value, string expected)
    {
        var archive = Zip(CompressionLevel.NoCompression, ("a.npy", Array));
        BinaryPrimitives.WriteUInt16LittleEndian(archive.AsSpan(Find(archive, 0x02014b50) + at), (ushort)value);
        Assert.Contains(expected, Refuse(archive), StringComparison.Ordinal);
    }

    [Fact]
    public void BombInTheHeader_TakesNoMoreThanIsThere()
    {
        // A deflated array that claims 2 GB and holds zeros for a few megabytes.
        const string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), }";
        var archive = Zip(CompressionLevel.SmallestSize, ("a.npy", NumpyFileTests.Npy(header, 1_000)));
        var table = Find(archive, 0x02014b50);
        var length = 10 + Encoding.UTF8.GetByteCount(header) + 2_000_000_000;
        BinaryPrimitives.WriteInt32LittleEndian(archive.AsSpan(table + 24), length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var file = NumpyFile.Read(archive);
        Assert.Equal(500_000_000, file.Entries[0].Count);
        Assert.Contains("is compressed and damaged", Assert.Throws<WeightFileException>(() => file.CopyTo("a", new byte[16].AsSpan())).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void MoreThanTheTableSays_IsRefused()
    {
        var archive = Zip(CompressionLevel.SmallestSize, ("a.npy", [.. Array, .. new byte[4]]));
        var table = Find(archive, 0x02014b50);
        BinaryPrimitives.WriteInt32LittleEndian(archive.AsSpan(table + 24), Array.Length);
        Assert.Contains($"has more bytes than the {Array.Length} that the archive says", Refuse(archive), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339)]
    public void Checksum_IsThatOfTheStandard(string text, uint expected) => Assert.Equal(expected, Crc32.Of(Encoding.ASCII.GetBytes(text)));
}
