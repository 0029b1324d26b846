using System.Buffers.Binary;
using System.IO.Compression;

namespace Glia.Data.Tests.Images;

public class IdxFileTests
{
    public static byte[] Idx(byte type, int[] dimensions, params byte[] data)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        header[2] = type;
        header[3] = (byte)dimensions.Length;
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), dimensions[i]);
        return [.. header, .. data];
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_Bytes_GivesShapeAndData(bool gzip)
    {
        using var folder = new TempFolder();
        var bytes = Idx(8, [2, 3], 1, 2, 3, 4, 5, 255);

        var file = IdxFile.Read(folder.File("x", gzip ? Gzip(bytes) : bytes));

        Assert.Equal(IdxType.UInt8, file.Type);
        Assert.Equal([2, 3], file.Dimensions);
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 255 }, file.Bytes.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 255], file.ToDoubles());
    }

    [Theory]
    [InlineData(0x09, -2.0, new byte[] { 0xFE })]
    [InlineData(0x0B, -2.0, new byte[] { 0xFF, 0xFE })]
    [InlineData(0x0C, 65538.0, new byte[] { 0, 1, 0, 2 })]
    [InlineData(0x0D, -1.5, new byte[] { 0xBF, 0xC0, 0, 0 })]
    [InlineData(0x0E, -1.5, new byte[] { 0xBF, 0xF8, 0, 0, 0, 0, 0, 0 })]
    public void ToDoubles_OtherTypes_AreBigEndian(byte type, double expected, byte[] data)
    {
        using var folder = new TempFolder();

        var file = IdxFile.Read(folder.File("x", Idx(type, [1], data)));

        Assert.Equal([expected], file.ToDoubles());
        Assert.Throws<InvalidOperationException>(() => file.Bytes.Length);
    }

    public static TheoryData<byte[], string> Damaged => new()
    {
        { [], "not an IDX file" },
        { [0, 0, 8], "not an IDX file" },
        { [1, 0, 8, 1, 0, 0, 0, 0], "not an IDX file" },
        { [0, 0, 7, 1, 0, 0, 0, 0], "not an IDX file" },
        { [0, 0, 8, 0], "not an IDX file" },
        { [0, 0, 8, 2, 0, 0, 0, 1, 0, 0], "ends within its header" },
        { Idx(8, [2, 3], 1, 2, 3, 4, 5), "truncated: its header announces 6 bytes of data, but there are 5" },
        { Idx(8, [2, 3], 1, 2, 3, 4, 5, 6, 7), "longer than the 6 bytes" },
        { Idx(0x0C, [2], 1, 2, 3, 4, 5), "truncated: its header announces 8 bytes" },
        { Idx(8, [-1], 1), "dimension 1 is 4294967295" },
        { Idx(8, [65536, 65536], 1), "dimension 2 is 65536" },
        { Idx(14, [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], 1), "more data than fit" },
        { Gzip(Idx(8, [2, 3], 1, 2, 3, 4, 5)), "truncated" },
        { Gzip(Idx(8, [100], new byte[100]))[..^12], "" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Read_Damaged_SaysWhatIsWrong(byte[] bytes, string message)
    {
        using var folder = new TempFolder();
        var path = folder.File("x.gz", bytes);

        var error = Assert.Throws<DataFormatException>(() => IdxFile.Read(path));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.FileName);
    }

    [Fact]
    public void Read_DamagedGzip_NeverThrowsAnythingElse()
    {
        using var folder = new TempFolder();
        var good = Gzip(Idx(8, [100], [.. Enumerable.Range(0, 100).Select(i => (byte)(i * i))]));
        for (ulong seed = 0; seed < 300; seed++)
        {
            var bytes = good.ToArray();
            bytes[(int)(CounterRandom.Bits(seed, 0) % (ulong)bytes.Length)] ^= (byte)(1 + CounterRandom.Bits(seed, 1) % 255);

            var thrown = Record.Exception(() => IdxFile.Read(folder.File("x", bytes)));

            Assert.True(thrown is null or DataFormatException, $"seed {seed}: {thrown}");
        }
    }

    [Fact]
    public void Read_HeaderThatClaimsGigabytes_AllocatesLittle()
    {
        using var folder = new TempFolder();
        var plain = folder.File("plain", Idx(8, [2_000_000_000], new byte[1000]));
        var packed = folder.File("packed", Gzip(Idx(14, [200_000_000], new byte[1000])));
        Assert.Throws<DataFormatException>(() => IdxFile.Read(plain));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DataFormatException>(() => IdxFile.Read(plain));
        Assert.Throws<DataFormatException>(() => IdxFile.Read(packed));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Read_DataOverAMegabyte_IsWhole()
    {
        using var folder = new TempFolder();
        var data = Enumerable.Range(0, 2_500_000).Select(i => (byte)(i * 7 >> 3)).ToArray();

        Assert.Equal(data, IdxFile.Read(folder.File("x", Gzip(Idx(8, [1000, 2500], data)))).Bytes.ToArray());
    }
}
