using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Parquet;

namespace Glia.Data.Tests;

/// <summary>Parquet and Arrow files that libraries of .NET wrote, held against the same tables in memory and as CSV.</summary>
public sealed class ColumnarStreamTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Forms =>
    [
        "None", "Snappy", "Gzip", "Brotli", "Zstd", "Lz4Raw", "rows", "arrow", "arrow lz4", "arrow zstd", "arrow stream", "arrow stream lz4", "arrow batches",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Forms))]
    public void EncodedRows_AreThoseOfTheSameTableAsCsv(string form)
    {
        var iris = BuiltInDatasets.Load("iris");
        var csv = string.Join('\n', [string.Join(',', iris.Columns.Select(c => c.Name)), .. Enumerable.Range(0, 150).Select(row => string.Join(',', iris.Columns.Select(c => row % 11 == 3 && c != iris["species"] ? "" : c.GetText(row))))]);
        var expected = Table.ReadCsv(_folder.File("iris.csv", csv));
        var table = Table.Read(_folder.File("iris." + (form.StartsWith("arrow", StringComparison.Ordinal) ? "feather" : "parquet"), Write(expected, form)));
        var encoder = TableEncoder.Fit(expected, "species");
        Assert.Equal(encoder.ToJson(), TableEncoder.Fit(table, "species").ToJson());
        Assert.Equal(encoder.Transform(expected), encoder.Transform(table));
        var target = TargetEncoder.Fit(expected, "species");
        Assert.Equal(target.EncodeClasses(expected), TargetEncoder.Fit(table, "species").EncodeClasses(table));
    }

    [Fact]
    public void ArrowTypes_BecomeNumbersAndTexts()
    {
        var day = new DateTimeOffset(2024, 5, 1, 0, 0, 0, TimeSpan.Zero);
        var moment = day.AddHours(12.5);
        var schema = new RecordBatch.Builder()
            .Append("i8", true, new Int8Array.Builder().Append(-3).AppendNull().Build())
            .Append("u64", false, new UInt64Array.Builder().Append(ulong.MaxValue).Append(1).Build())
            .Append("half", false, new HalfFloatArray.Builder().Append((Half)0.5).Append((Half)2).Build())
            .Append("flag", true, new BooleanArray.Builder().Append(true).AppendNull().Build())
            .Append("price", false, new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(12.34m).Append(-0.01m).Build())
            .Append("day", false, new Date32Array.Builder().Append(day).Append(day.AddDays(-20000)).Build())
            .Append("day64", false, new Date64Array.Builder().Append(day).Append(day.AddDays(-20000)).Build())
            .Append("moment", true, new TimestampArray.Builder(TimeUnit.Microsecond).Append(moment).AppendNull().Build())
            .Append("clock", false, new Time64Array.Builder(TimeUnit.Nanosecond).Append(43_200_000_000_000).Append(1_500_000_000).Build())
            .Append("view", true, new StringViewArray.Builder().Append("short").Append("a text that is longer than twelve bytes").Build())
            .Append("kind", true, Dictionary(["b", "a"], [1, 0]))
            .Append("list", true, List())
            .Append("last", false, new Int32Array.Builder().Append(7).Append(8).Build())
            .Build();
        var table = Table.Read(_folder.File("types.arrow", Columnar.Arrow([schema])));
        Assert.Equal(
            ["-3|18446744073709551616|0.5|true|12.34|2024-05-01|2024-05-01|2024-05-01 12:30:00|12:00:00|short|a|7", "|1|2||-0.01|1969-07-29|1969-07-29||00:00:01.5|a text that is longer than twelve bytes|b|8"],
            Enumerable.Range(0, 2).Select(row => string.Join('|', table.Columns.Select(c => c.Kind == ColumnKind.Numeric && c.Name == "u64" ? c.Numbers[row].ToString("F0", System.Globalization.CultureInfo.InvariantCulture) : c.GetText(row)))));
        Assert.Equal(["column 'list' is left out: it holds lists, and only columns of one number or text for each row are read."], table.Notes);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("arrow")]
    public void InfiniteValue_IsRefusedWithRowAndColumn(string form)
    {
        // A table of the library refuses it, so it is put where a number was.
        var bytes = Write(new Table("t", [Column.FromNumbers("x", [.. Enumerable.Range(0, 50).Select(i => i * 1.5)])]), form == "parquet" ? "None" : "arrow");
        var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(31 * 1.5));
        BitConverter.TryWriteBytes(bytes.AsSpan(at), double.PositiveInfinity);
        var error = Assert.Throws<DataFormatException>(() => TableStream.Open(_folder.File("t." + form, bytes)).ReadChunks(20).ToList());
        Assert.Contains("row 32: column 'x' has an infinite value", error.Message, StringComparison.Ordinal);
        Assert.Equal("x", error.Column);
    }

    [Fact]
    public void MissingTarget_IsNamedByItsRowInTheFile()
    {
        var table = new Table("t", [Column.FromNumbers("x", [.. Enumerable.Range(0, 50).Select(i => (double)i)]), Column.FromTexts("y", [.. Enumerable.Range(0, 50).Select(i => i == 41 ? null : i % 2 == 0 ? "a" : "b")])]);
        var stream = TableStream.Open(_folder.File("t.parquet", Write(table, "rows")));
        var error = Assert.Throws<DataFormatException>(() => TargetEncoder.Fit(stream.ReadChunks(10), "y"));
        Assert.Contains("row 42: the target column 'y' has no value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FeatherOfVersion1_IsRefused()
    {
        var error = Assert.Throws<DataFormatException>(() => Table.Read(_folder.File("old.feather", "FEA1 and more that is not looked at FEA1")));
        Assert.Contains("Feather file of version 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TableOfFarMoreRowsThanBytes_IsRefusedInMemoryAndReadInPieces()
    {
        var batch = new RecordBatch.Builder().Append("n", true, new NullArray(100_000_000)).Build();
        var path = _folder.File("nulls.arrow", Columnar.Arrow([batch]));
        Assert.Contains("piece by piece", Assert.Throws<DataFormatException>(() => Table.Read(path)).Message, StringComparison.Ordinal);
        Assert.Equal(1000, TableStream.Open(path).ReadChunks(1000).First().RowCount);
    }

    private static byte[] Write(Table table, string form) => form switch
    {
        "rows" => Columnar.Parquet(table, rowGroup: 37),
        "arrow batches" => Columnar.Arrow(table, batch: 41),
        _ when form.StartsWith("arrow", StringComparison.Ordinal) => Columnar.Arrow(
            table, form.Contains("lz4", StringComparison.Ordinal) ? CompressionCodecType.Lz4Frame : form.Contains("zstd", StringComparison.Ordinal) ? CompressionCodecType.Zstd : null,
            asStream: form.Contains("stream", StringComparison.Ordinal)),
        _ => Columnar.Parquet(table, Enum.Parse<CompressionMethod>(form)),
    };

    private static DictionaryArray Dictionary(string[] entries, sbyte[] indices)
    {
        var texts = new StringArray.Builder();
        foreach (var entry in entries)
            texts.Append(entry);
        return new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), new Int8Array.Builder().AppendRange(indices).Build(), texts.Build());
    }

    private static ListArray List()
    {
        var builder = new ListArray.Builder(Int32Type.Default);
        var values = (Int32Array.Builder)builder.ValueBuilder;
        builder.Append();
        values.Append(1);
        builder.Append();
        values.Append(2);
        return builder.Build();
    }
}
