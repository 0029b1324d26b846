using System.Text;

namespace Glia.Data.Tests.Tables;

public class TableTests
{
    [Fact]
    public void ReadCsv_NumbersAndTexts_InfersKinds()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.csv", "x,name,y\n1,red,-2.5e1\n 2.5 , green ,3\n3,red,4\n");

        var table = Table.ReadCsv(path);

        Assert.Equal(path, table.Name);
        Assert.Equal(3, table.RowCount);
        Assert.Equal(["x", "name", "y"], table.Columns.Select(column => column.Name));
        Assert.Equal(new[] { 1, 2.5, 3 }, table["x"].Numbers.ToArray());
        Assert.Equal(new[] { -25.0, 3, 4 }, table["y"].Numbers.ToArray());
        Assert.Equal(ColumnKind.Categorical, table["name"].Kind);
        Assert.Equal(["red", "green"], table["name"].Categories);
        Assert.Equal(new[] { 0, 1, 0 }, table["name"].Codes.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("NaN")]
    [InlineData("nan")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("-")]
    [InlineData("  ? ")]
    [InlineData("\" NA \"")]
    public void ParseCsv_MissingToken_IsMissingInBothKinds(string token)
    {
        var table = Table.ParseCsv($"x,t\n1,a\n{token},{token}\n2,b\n");

        Assert.Equal(ColumnKind.Numeric, table["x"].Kind);
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(table["x"].IsMissing));
        Assert.True(double.IsNaN(table["x"].Numbers[1]));
        Assert.Equal(-1, table["t"].Codes[1]);
        Assert.Equal(1, table["t"].MissingCount);
        Assert.Null(table["t"].GetText(1));
        Assert.Equal("b", table["t"].GetText(2));
    }

    [Fact]
    public void ParseCsv_OwnMissingValues_ReplaceTheDefaults()
    {
        var table = Table.ParseCsv("x,t\n-999,a\n2,-\n", options: new CsvOptions { MissingValues = ["-999"] });

        Assert.True(table["x"].IsMissing(0));
        Assert.Equal("-", table["t"].GetText(1));
    }

    [Theory]
    [InlineData("a,b\n1,x\n2,y\n")]
    [InlineData("a;b\n1;x\n2;y\n")]
    [InlineData("a\tb\n1\tx\n2\ty\n")]
    [InlineData("a|b\n1|x\n2|y\n")]
    [InlineData("a,b\r\n1,x\r\n2,y")]
    [InlineData("\uFEFFa,b\n1,x\n\n2,y\n  \n")]
    [InlineData("\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"\n")]
    public void ParseCsv_Dialect_ReadsTheSameTable(string text)
    {
        var table = Table.ParseCsv(text);

        Assert.Equal(["a", "b"], table.Columns.Select(column => column.Name));
        Assert.Equal(new[] { 1.0, 2 }, table["a"].Numbers.ToArray());
        Assert.Equal(["x", "y"], table["b"].Categories);
    }

    [Fact]
    public void ReadCsv_Utf16WithByteOrderMark_IsRead()
    {
        using var folder = new TempFolder();
        var path = folder.File("u.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("größe,b\n1,ü\n2,y\n")]);

        Assert.Equal("ü", Table.ReadCsv(path)["b"].GetText(0));
        Assert.Equal(2, Table.ReadCsv(path)["größe"].Numbers[1]);
    }

    [Fact]
    public void ParseCsv_QuotedFields_KeepSeparatorsQuotesAndLineBreaks()
    {
        var table = Table.ParseCsv("name,x\n\"a, \"\"b\"\"\nc\",1\nd,2\n");

        Assert.Equal("a, \"b\"\nc", table["name"].GetText(0));
        var error = Assert.Throws<DataFormatException>(() => Table.ParseCsv("name,x\n\"a\nb\",1\nd\n"));
        Assert.Equal(4, error.Line);
    }

    [Fact]
    public void ParseCsv_SemicolonsAndDecimalComma_AreNumbers()
    {
        var table = Table.ParseCsv("a;b\n1,5;x\n-2,25e1;y\n3;1,2,3\n");

        Assert.Equal(new[] { 1.5, -22.5, 3 }, table["a"].Numbers.ToArray());
        Assert.Equal(["x", "y", "1,2,3"], table["b"].Categories);
    }

    [Fact]
    public void ParseCsv_GivenSeparator_IsNotDetected()
    {
        var table = Table.ParseCsv("a;b,c\n1;2,3\n", options: new CsvOptions { Separator = ',' });

        Assert.Equal(["a;b", "c"], table.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData("a,b\n1,2\n1,2,3\n", "text, line 3: expected 2 fields as in the header, found 3.", 3L, null)]
    [InlineData("a,b,c,d,e\n1,2,3,4,5\n1,2,3,4\n", "text, line 3: expected 5 fields as in the header, found 4.", 3L, null)]
    [InlineData("a\n1\n1,2\n", "text, line 3: expected 1 field as in the header, found 2.", 3L, null)]
    [InlineData("", "text: the file is empty; expected a header row with the column names and then the data rows.", null, null)]
    [InlineData(" \n\n", "text: the file is empty; expected a header row with the column names and then the data rows.", null, null)]
    [InlineData("a,b\n", "text: there are no data rows after the header row.", null, null)]
    [InlineData("a,,c\n1,2,3\n", "text, line 1: column 2 has no name; name it, or remove the column.", 1L, null)]
    [InlineData("a,b,a\n1,2,3\n", "text, line 1: columns 1 and 3 are both named 'a'; names must differ.", 1L, "a")]
    [InlineData("\n1,2,3\n4,5,6\n",
        "text, line 2: expected a header row with the column names, found what looks like data ('1', ...); add a header row.", 2L, null)]
    [InlineData("5.1,3.5,setosa\n4.9,3,setosa\n",
        "text, line 1: expected a header row with the column names, found what looks like data ('5.1', ...); add a header row.", 1L, null)]
    [InlineData("a,b\n1,2\nInfinity,3\n",
        "text, line 3: column 'a' has an infinite value, or one too large for a number; correct it or leave it empty.", 3L, "a")]
    [InlineData("a,b\n1,2\n3,-inf\n",
        "text, line 3: column 'b' has an infinite value, or one too large for a number; correct it or leave it empty.", 3L, "b")]
    [InlineData("a,b\n1,1e999\n",
        "text, line 2: column 'b' has an infinite value, or one too large for a number; correct it or leave it empty.", 2L, "b")]
    public void ParseCsv_Malformed_SaysWhereAndWhat(string text, string message, long? line, string? column)
    {
        var error = Assert.Throws<DataFormatException>(() => Table.ParseCsv(text));

        Assert.Equal(message, error.Message);
        Assert.Equal("text", error.FileName);
        Assert.Equal(line, error.Line);
        Assert.Equal(column, error.Column);
    }

    [Theory]
    [InlineData("a,b\n1,\"x\n2,y\n", 2L)]
    [InlineData("a,b\n1,x\n2,\"y\"z\n", 3L)]
    [InlineData("a,b\n1,x\n2,y\"z\n", 3L)]
    public void ParseCsv_BrokenQuotes_AreRefusedWithTheirLine(string text, long line)
    {
        var error = Assert.Throws<DataFormatException>(() => Table.ParseCsv(text));

        Assert.Equal(line, error.Line);
        Assert.Contains("malformed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseCsv_FewTextsAmongManyNumbers_NamesLineColumnAndText()
    {
        var text = "id,age\n" + string.Concat(Enumerable.Range(1, 19).Select(i => $"r{i},{i}\n"));

        var error = Assert.Throws<DataFormatException>(() => Table.ParseCsv(text + "r20,abc\n"));

        Assert.Equal("text, line 21: column 'age' holds numbers, but line 21 has 'abc'; correct it or leave it empty.", error.Message);
        Assert.Equal((21L, "age"), (error.Line, error.Column));
        Assert.Equal(ColumnKind.Categorical, Table.ParseCsv(text[..^7] + "r20,abc\n")["age"].Kind);
        Assert.Equal(ColumnKind.Categorical, Table.ParseCsv(text + "r20,abc\nr21,def\n")["age"].Kind);
    }

    [Fact]
    public void ParseCsv_GivenKinds_OverrideInference()
    {
        var kinds = new Dictionary<string, ColumnKind>
        {
            ["zip"] = ColumnKind.Categorical,
            ["x"] = ColumnKind.Numeric,
            ["other"] = ColumnKind.Numeric,
        };

        Assert.Equal("007", Table.ParseCsv("zip,x\n007,1\n", options: new CsvOptions { Kinds = kinds })["zip"].GetText(0));
        var error = Assert.Throws<DataFormatException>(
            () => Table.ParseCsv("zip,x\n007,one\n", options: new CsvOptions { Kinds = kinds }));
        Assert.Contains("column 'x' holds numbers, but line 2 has 'one'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ParseCsv_MixedColumn_KeepsTheTextOfItsNumbers()
    {
        Assert.Equal(["1.50", "abc"], Table.ParseCsv("a,b\n1.50,1\nabc,2\n")["a"].Categories);
    }

    [Fact]
    public void ReadCsv_BinaryFile_IsRefused()
    {
        using var folder = new TempFolder();
        byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13];

        var error = Assert.Throws<DataFormatException>(() => Table.ReadCsv(folder.File("a.csv", png)));

        Assert.EndsWith("a.csv: this is not a text file; expected a table as CSV text.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadCsv_OtherEncoding_IsRefusedWithLineAndColumn()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.csv", Encoding.Latin1.GetBytes("a,b\n1,x\n2,größe\n"));

        var error = Assert.Throws<DataFormatException>(() => Table.ReadCsv(path));

        Assert.Equal((3L, "b"), (error.Line, error.Column));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadCsv_Garbage_NeverThrowsAnythingElse()
    {
        using var folder = new TempFolder();
        const string Alphabet = "ab,;\t\"\n\r 1.-eE?|=\u00FF";
        for (ulong seed = 0; seed < 500; seed++)
        {
            var letters = Enumerable.Range(0, (int)(seed % 60))
                .Select(i => Alphabet[(int)(CounterRandom.Bits(seed, (ulong)i) % (ulong)Alphabet.Length)]);
            var path = folder.File("g.csv", Encoding.Latin1.GetBytes([.. letters]));

            var thrown = Record.Exception(() => Table.ReadCsv(path));

            Assert.True(thrown is null or DataFormatException, $"seed {seed}: {thrown}");
        }
    }

    [Fact]
    public void ReadCsv_FolderOrNoFile_IsAnError()
    {
        using var folder = new TempFolder();

        Assert.Contains("folder", Assert.Throws<DataFormatException>(() => Table.ReadCsv(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => Table.ReadCsv(Path.Combine(folder.Path, "none.csv")));
    }

    [Fact]
    public void Index_UnknownColumn_ListsColumnsAndNearestName()
    {
        var table = Table.ParseCsv("length,species\n1,a\n", "iris.csv");

        var error = Assert.Throws<DataFormatException>(() => table["specis"]);

        Assert.Equal("iris.csv: there is no column 'specis' (did you mean 'species'?); the columns are: length, species.", error.Message);
        Assert.DoesNotContain("mean", Assert.Throws<DataFormatException>(() => table["qqqqqq"]).Message, StringComparison.Ordinal);
        Assert.False(table.TryGetColumn("specis", out _));
    }

    [Fact]
    public void Select_Rows_TakesThemInOrderWithTheirLines()
    {
        var table = Table.ParseCsv("x,t\n1,a\n2,b\n3,c\n").Select([2, 0, 2]);

        Assert.Equal(new[] { 3.0, 1, 3 }, table["x"].Numbers.ToArray());
        Assert.Equal(["c", "a", "c"], Enumerable.Range(0, 3).Select(table["t"].GetText));
        Assert.Equal(4, table.Error(0, "x", "wrong").Line);
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Select([3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Select([-1]));
    }

    [Fact]
    public void Constructor_BadColumns_AreRefused()
    {
        var a = Column.FromNumbers("a", [1, 2]);

        Assert.Throws<ArgumentException>(() => new Table("t", []));
        Assert.Throws<ArgumentException>(() => new Table("t", [a, Column.FromNumbers("b", [1])]));
        Assert.Throws<ArgumentException>(() => new Table("t", [a, Column.FromTexts("a", ["x", "y"])]));
        Assert.Throws<ArgumentException>(() => Column.FromNumbers("a", [double.NegativeInfinity]));
        Assert.Throws<ArgumentException>(() => Column.FromTexts(" ", []));
    }

    [Fact]
    public void Column_OfOneKind_RefusesToReadAsTheOther()
    {
        Assert.Throws<InvalidOperationException>(() => Column.FromNumbers("a", [1]).Codes.Length);
        Assert.Throws<InvalidOperationException>(() => Column.FromTexts("a", ["x"]).Numbers.Length);
    }

    [Fact]
    public void GetText_NegativeZero_IsZero()
    {
        Assert.Equal("0", Column.FromNumbers("a", [-0.0]).GetText(0));
    }
}
