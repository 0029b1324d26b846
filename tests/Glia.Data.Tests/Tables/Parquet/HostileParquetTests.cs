using System.Text;

namespace Glia.Data.Tests;

/// <summary>Small Parquet files that are made to take much memory or time.</summary>
public class HostileParquetTests
{
    private const int Plain = 0;
    private const int PlainDictionary = 2;
    private const int DeltaLengths = 6;
    private const int DeltaTexts = 7;

    [Fact]
    public void HandWrittenFile_IsRead()
    {
        var file = new ParquetBytes().Column("n", ParquetBytes.Int32).Column("t", ParquetBytes.Text);
        var numbers = file.Page(0, 2, Plain, [5, 0, 0, 0, 7, 0, 0, 0]);
        var texts = file.Page(0, 2, DeltaLengths, [.. Differences(1, 1), (byte)'a', (byte)'b']);
        using var folder = new TempFolder();
        var table = Table.Read(folder.File("t.parquet", file.Group(2, numbers, texts).ToArray()));
        Assert.Equal([5, 7], table["n"].Numbers);
        Assert.Equal(["a", "b"], table["t"].Categories);
    }

    [Theory]
    [InlineData(DeltaLengths)]
    [InlineData(DeltaTexts)]
    public void LengthsThatTakeNoBytes_AreNotCountedOneByOne(int encoding)
    {
        var lengths = Zeros(int.MaxValue);
        var page = encoding == DeltaLengths ? lengths : [.. lengths, .. lengths];
        foreach (var rows in new[] { 3, int.MaxValue })
        {
            var file = new ParquetBytes().Column("t", ParquetBytes.Text);
            var bytes = file.Group(rows, file.Page(0, rows, encoding, page)).ToArray();
            using var folder = new TempFolder();
            var path = folder.File("t.parquet", bytes);
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            Assert.Equal(3, TableStream.Open(path).ReadChunks(3).First().Columns[0].MissingCount);
            Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public void TextsThatBeginAsTheOneBefore_AreBounded()
    {
        // Each text is the one before but for four bytes at its end: 40,000 texts of 50,000 bytes, in 210,000 bytes.
        const int count = 40_000;
        var first = Encoding.ASCII.GetBytes(new string('a', 50_000));
        var lengths = Differences([first.Length, .. Enumerable.Repeat(4, count - 1)]);
        var page = new List<byte>([.. Differences([0, .. Enumerable.Repeat(first.Length - 4, count - 1)]), .. lengths, .. first]);
        for (var i = 1; i < count; i++)
            page.AddRange(BitConverter.GetBytes(i).Select(b => (byte)(b & 0x7F)));
        var file = new ParquetBytes().Column("t", ParquetBytes.Text);
        Assert.Contains("more than is believed", Hostile.Refuse("t.parquet", file.Group(count, file.Page(0, count, DeltaTexts, [.. page])).ToArray(), perByte: Hostile.Shared), StringComparison.Ordinal);
    }

    [Fact]
    public void LongTextOfADictionary_IsNotComparedForEveryRow()
    {
        // One run of the index 0: a text of a million bytes in each of a million rows.
        const int rows = 1_000_000;
        var text = Encoding.ASCII.GetBytes(new string('a', 1_000_000));
        var file = new ParquetBytes().Column("t", ParquetBytes.Text);
        var (start, length) = file.Page(2, 1, PlainDictionary, [.. BitConverter.GetBytes(text.Length), .. text]);
        var data = file.Page(0, rows, PlainDictionary, [1, .. ParquetBytes.Varint((ulong)rows << 1), 0]);
        Hostile.ReadsOrRefuses("t.parquet", file.Group(rows, (start, length + data.Length)).ToArray(), rows);
    }

    [Fact]
    public void PagesOfNothingButZeros_AreBoundedInAll()
    {
        // Each column is a page of some hundred bytes that becomes megabytes, and a dictionary of a million entries.
        const int expanded = 4 << 20;
        using var zstd = new ZstdSharp.Compressor();
        var zeros = zstd.Wrap(new byte[expanded]).ToArray();
        foreach (var (columns, share) in new[] { (1, false), (40, false), (40, true) })
        {
            var file = new ParquetBytes();
            var chunks = new List<(long, long)>();
            for (var i = 0; i < columns; i++)
            {
                file.Column($"c{i}", ParquetBytes.Int32, ParquetBytes.Zstandard);
                if (i > 0 && share)
                {
                    chunks.Add(chunks[0]);
                    continue;
                }

                var (start, length) = file.Page(2, expanded / 4, PlainDictionary, zeros, expanded);
                var data = file.Page(0, 1, PlainDictionary, zstd.Wrap([0, 2, 0]).ToArray(), 3);
                chunks.Add((start, length + data.Length));
            }

            Hostile.Refuse("t.parquet", file.Group(1, [.. chunks]).ToArray(), perByte: Hostile.Compressed);
        }
    }

    [Fact]
    public void RowGroupsOfTheSamePages_AreRefused()
    {
        var file = new ParquetBytes().Column("n", ParquetBytes.Int32);
        var page = file.Page(0, 1, Plain, new byte[1_000_000]);
        for (var i = 0; i < 50_000; i++)
            file.Group(1, page);
        Assert.Contains("the file is damaged", Hostile.Refuse("t.parquet", file.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void TableOfFewBytes_IsSmall()
    {
        // A table of one column has the numbers of its rows, too.
        const int rows = 500_000;
        var file = new ParquetBytes().Column("n", ParquetBytes.Int32);
        var (start, length) = file.Page(2, 1, PlainDictionary, [1, 0, 0, 0]);
        var data = file.Page(0, rows, PlainDictionary, [1, .. ParquetBytes.Varint((ulong)rows << 1), 0]);
        Hostile.Refuse("t.parquet", file.Group(rows, (start, length + data.Length)).ToArray(), 0);
    }

    /// <summary>Whole numbers as differences, in blocks of 128: of no bits where all are the same, otherwise of 32.</summary>
    private static byte[] Differences(params int[] values)
    {
        const int block = 128;
        var bytes = new List<byte>([.. ParquetBytes.Varint(block), 1, .. ParquetBytes.Varint((ulong)values.Length), .. ZigZag(values[0])]);
        for (var i = 1; i < values.Length; i += block)
        {
            var differences = Enumerable.Range(i, Math.Min(block, values.Length - i)).Select(j => values[j] - values[j - 1]).ToList();
            var least = differences.Min();
            var isFlat = differences.TrueForAll(d => d == least);
            bytes.AddRange([.. ZigZag(least), (byte)(isFlat ? 0 : 32)]);
            for (var j = 0; j < block && !isFlat; j++)
                bytes.AddRange(BitConverter.GetBytes(j < differences.Count ? differences[j] - least : 0));
        }

        return [.. bytes];
    }

    /// <summary>So many zeros, of which a million take two bytes.</summary>
    private static byte[] Zeros(int count)
    {
        const int block = 1 << 20;
        var bytes = new List<byte>([.. ParquetBytes.Varint(block), 1, .. ParquetBytes.Varint((ulong)count), 0]);
        for (var left = count - 1L; left > 0; left -= block)
            bytes.AddRange([0, 0]);
        return [.. bytes];
    }

    private static byte[] ZigZag(int value) => ParquetBytes.Varint((uint)((value << 1) ^ (value >> 31)));
}
