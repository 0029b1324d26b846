namespace Glia.Data.Tests.Tables;

public class CsvStreamTests
{
    private static readonly double[] EightyTwenty = [0.8, 0.2];

    private static string Rows(int count) =>
        "x,t\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{i},{(i % 7 == 3 ? "?" : "abc"[i % 3])}\n"));

    [Fact]
    public void ReadChunks_WholeFile_EqualsTheTable()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.csv", Rows(25));
        var table = Table.ReadCsv(path);
        var stream = CsvStream.Open(path);

        var chunks = stream.ReadChunks(10).ToList();

        Assert.Equal(25, stream.RowCount);
        Assert.Equal([10, 10, 5], chunks.Select(chunk => chunk.RowCount));
        Assert.Equal(table["x"].Numbers.ToArray(), chunks.SelectMany(chunk => chunk["x"].Numbers.ToArray()));
        Assert.Equal(Texts(table), chunks.SelectMany(Texts));
        Assert.Equal(12, chunks[1].Error(0, "x", "").Line);
    }

    [Fact]
    public void ReadChunks_KindDecidedByALaterRow_HoldsForAllChunks()
    {
        using var folder = new TempFolder();
        var stream = CsvStream.Open(folder.File("a.csv", "x\n1\n2\n3\nred\n"));

        Assert.All(stream.ReadChunks(2), chunk => Assert.Equal(ColumnKind.Categorical, chunk["x"].Kind));
    }

    [Fact]
    public void ReadChunks_Parts_AreDisjointCompleteAndReproducible()
    {
        using var folder = new TempFolder();
        var stream = CsvStream.Open(folder.File("a.csv", Rows(2000)));

        var train = Numbers(stream.ReadChunks(64, EightyTwenty, 0, seed: 3));
        var test = Numbers(stream.ReadChunks(64, EightyTwenty, 1, seed: 3));

        Assert.InRange(train.Length, 1540, 1660);
        Assert.Equal(Enumerable.Range(0, 2000).Select(i => (double)i), train.Concat(test).Order());
        Assert.Equal(test, Numbers(stream.ReadChunks(7, EightyTwenty, 1, seed: 3)));
        Assert.NotEqual(test, Numbers(stream.ReadChunks(64, EightyTwenty, 1, seed: 4)));
    }

    [Fact]
    public void Fit_OnChunks_EqualsFitOnTheTable()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.csv", Rows(60).Replace("x,t", "x,y", StringComparison.Ordinal));
        var stream = CsvStream.Open(path);
        var table = Table.ReadCsv(path);

        var fromChunks = TableEncoder.Fit(stream.ReadChunks(7), "x");

        Assert.Equal(TableEncoder.Fit(table, "x").ToJson(), fromChunks.ToJson());
        Assert.Equal(TargetEncoder.Fit(table, "x").ToJson(), TargetEncoder.Fit(stream.ReadChunks(7), "x").ToJson());
        Assert.Equal(fromChunks.Transform(table), stream.ReadChunks(9).SelectMany(fromChunks.Transform));
    }

    [Fact]
    public void ReadChunks_FileChangedMeanwhile_IsAnError()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.csv", Rows(10));
        var stream = CsvStream.Open(path);

        folder.File("a.csv", Rows(11));
        CheckChanged(() => stream.ReadChunks(4).Count());
        folder.File("a.csv", "x,u\n1,2\n");
        CheckChanged(() => stream.ReadChunks(4).Count());
        folder.File("a.csv", "x,t\nred,2\n");
        CheckChanged(() => stream.ReadChunks(4).Count());
        folder.File("a.csv", "x,t\n");
        CheckChanged(stream.ReadAll);

        static void CheckChanged(Func<object> read) =>
            Assert.EndsWith(
                "the file changed while it was being read.", Assert.Throws<DataFormatException>(read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadChunks_BadArguments_AreRefusedAtOnce()
    {
        using var folder = new TempFolder();
        var stream = CsvStream.Open(folder.File("a.csv", Rows(10)));

        Assert.Throws<ArgumentOutOfRangeException>(() => stream.ReadChunks(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.ReadChunks(1, EightyTwenty, 2, 1));
        Assert.Throws<ArgumentException>(() => stream.ReadChunks(1, [0.5], 0, 1));
    }

    private static double[] Numbers(IEnumerable<Table> chunks) => [.. chunks.SelectMany(chunk => chunk["x"].Numbers.ToArray())];

    private static IEnumerable<string?> Texts(Table table) => Enumerable.Range(0, table.RowCount).Select(table["t"].GetText);
}
