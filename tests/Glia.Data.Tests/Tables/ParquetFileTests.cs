namespace Glia.Data.Tests;

/// <summary>Parquet files that DuckDB and the C++ library of Arrow wrote, in all their encodings and compressions.</summary>
public class ParquetFileTests
{
    public static TheoryData<string> DuckDb => [.. Files("duckdb-*.parquet")];

    public static TheoryData<string> Arrow => [.. Files("arrow-cpp-*.parquet")];

    [Theory]
    [MemberData(nameof(DuckDb))]
    public void DuckDbFile_IsTheSameTableAsItsCsvFile(string file)
    {
        var expected = Table.ReadCsv(Fixture("duckdb.csv"));
        var table = Table.Read(Fixture(file));
        Assert.Equal([.. expected.Columns.Select(c => c.Name), "raw"], table.Columns.Select(c => c.Name));
        foreach (var column in expected.Columns)
            AssertSame(column, table[column.Name]);
        Assert.Equal("2024", table["raw"].GetText(7));
        Assert.Equal(2, table.Notes.Count);
        Assert.Contains("column 'list' is left out: it holds lists", table.Notes[0], StringComparison.Ordinal);
        Assert.Contains("column 'st' is left out: it holds structures", table.Notes[1], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Arrow))]
    public void ArrowFile_HasTheValuesThatWereWritten(string file)
    {
        var table = Table.Read(Fixture(file));
        Assert.Equal(160, table.RowCount);
        for (var i = 0L; i < 160; i++)
        {
            var row = (int)i;
            Assert.Equal((i * 3) - 200, table["i"].Numbers[row]);
            Assert.Equal(i % 5 == 0 ? double.NaN : (i * i * 7919) - 12345678901, table["n"].Numbers[row]);
            Assert.Equal(Math.Sqrt(i) * 1e3, table["d"].Numbers[row]);
            Assert.Equal(i % 13 == 0 ? null : $"category-{i % 9}", table["s"].GetText(row));
            Assert.Equal(i % 3 == 0 ? "true" : "false", table["b"].GetText(row));
            Assert.Equal(i % 4 == 0 ? double.NaN : i * 0.25, table["f"].Numbers[row]);
        }
    }

    [Theory]
    [InlineData("duckdb-zstd-v2.parquet", 1)]
    [InlineData("arrow-cpp-delta-v2.parquet", 7)]
    [InlineData("arrow-cpp-dictionary-v1.parquet", 100)]
    [InlineData("arrow-cpp-deltabytes-v1.parquet", 1000)]
    public void Pieces_MakeUpTheTable(string file, int rows)
    {
        var whole = Table.Read(Fixture(file));
        var stream = TableStream.Open(Fixture(file));
        double[] fractions = [0.6, 0.4];
        for (var part = 0; part < 2; part++)
        {
            var expected = Enumerable.Range(0, whole.RowCount).Where(row => Splits.PartOf(row, fractions, 3) == part).ToArray();
            var next = 0;
            foreach (var chunk in stream.ReadChunks(rows, fractions, part, 3))
            {
                Assert.InRange(chunk.RowCount, 1, rows);
                for (var row = 0; row < chunk.RowCount; row++, next++)
                {
                    foreach (var column in whole.Columns)
                        Assert.Equal(column.GetText(expected[next]), chunk[column.Name].GetText(row));
                }
            }

            Assert.Equal(expected.Length, next);
        }
    }

    [Fact]
    public void KindsOfAFittedModel_TurnNumbersIntoTexts()
    {
        var kinds = new Dictionary<string, ColumnKind> { ["tiny"] = ColumnKind.Categorical, ["b"] = ColumnKind.Numeric };
        var table = Table.Read(Fixture("duckdb-snappy-v1.parquet"), new CsvOptions { Kinds = kinds });
        Assert.Equal("5", table["tiny"].GetText(5));
        Assert.Equal(ColumnKind.Categorical, table["tiny"].Kind);
        Assert.Equal([1, 0, 1], table["b"].Numbers[..3]);
    }

    [Fact]
    public void LeftOutColumn_IsNamedWithTheReasonWhenItIsAskedFor()
    {
        var table = Table.Read(Fixture("duckdb-snappy-v1.parquet"));
        var error = Assert.Throws<DataFormatException>(() => table["list"]);
        Assert.Contains("column 'list' is left out: it holds lists or maps, and only columns of one number or text for each row are read.", error.Message, StringComparison.Ordinal);
        Assert.Equal("list", error.Column);
    }

    [Fact]
    public void TruncatedOrOtherFile_IsRefusedByName()
    {
        using var folder = new TempFolder();
        var bytes = File.ReadAllBytes(Fixture("duckdb-snappy-v1.parquet"));
        foreach (var length in new[] { 0, 3, 11, 12, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            var path = folder.File("cut.parquet", bytes[..length]);
            Assert.StartsWith(path, Assert.Throws<DataFormatException>(() => Table.Read(path)).Message, StringComparison.Ordinal);
        }

        var csv = folder.File("csv.parquet", "a,b\n1,2\n3,4\n5,6\n7,8\n");
        Assert.Contains("not a Parquet file", Assert.Throws<DataFormatException>(() => Table.Read(csv)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnnamedFormat_IsFoundByItsFirstBytes()
    {
        using var folder = new TempFolder();
        Assert.Equal(160, Table.Read(folder.File("table.data", File.ReadAllBytes(Fixture("duckdb-snappy-v1.parquet")))).RowCount);
    }

    private static void AssertSame(Column expected, Column actual)
    {
        Assert.Equal(expected.Kind, actual.Kind);
        for (var row = 0; row < expected.Count; row++)
            Assert.Equal((expected.Name, row, expected.GetText(row)), (actual.Name, row, actual.GetText(row)));
    }

    private static string Fixture(string file) => Path.Combine(AppContext.BaseDirectory, "Fixtures", file);

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), pattern).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);
}
