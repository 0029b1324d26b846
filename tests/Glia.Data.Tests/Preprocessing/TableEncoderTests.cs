namespace Glia.Data.Tests.Preprocessing;

public class TableEncoderTests
{
    [Fact]
    public void Transform_TrainingRows_StandardisesNumbersAndOneHotsTexts()
    {
        var table = Table.ParseCsv("x,c,k,y\n1,b,5,0\n2,a,5,1\n6,b,5,0\n");

        var encoder = TableEncoder.Fit(table, "y");

        Assert.Equal(["x", "c=a", "c=b", "k"], encoder.FeatureNames);
        Assert.Equal(["x", "c", "k"], encoder.ColumnsNeeded);
        var std = (float)Math.Sqrt(14 / 3.0);
        Assert.Equal([-2 / std, 0, 1, 0, -1 / std, 1, 0, 0, 3 / std, 0, 1, 0], encoder.Transform(table), Close);
        Assert.Empty(encoder.Notes);
    }

    [Fact]
    public void Transform_MissingValues_BecomeMeanAndIndicatorOrOwnCategory()
    {
        var table = Table.ParseCsv("x,c,y\n1,a,0\n?,?,1\n3,b,0\n");

        var encoder = TableEncoder.Fit(table, "y");

        Assert.Equal(["x", "x (missing)", "c=a", "c=b", "c (missing)"], encoder.FeatureNames);
        Assert.Equal([-1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0], encoder.Transform(table), Close);
    }

    [Fact]
    public void Transform_NewRows_UnknownAndUnexpectedlyMissingAreZeros()
    {
        var encoder = TableEncoder.Fit(Table.ParseCsv("x,c,y\n1,a,0\n3,b,1\n"), "y");

        var fresh = encoder.Transform(Table.ParseCsv("extra,c,x\n9,z,5\n9,?,?\n9,b,?\n"));

        Assert.Equal([3, 0, 0, 0, 0, 0, 0, 0, 1], fresh, Close);
    }

    [Fact]
    public void Transform_FittedOnSomeRows_DoesNotDependOnTheOthers()
    {
        var table = Table.ParseCsv("x,c,y\n1,a,0\n3,b,1\n1000,z,1\n?,?,1\n");

        var onRows = TableEncoder.Fit(table.Select([0, 1]), "y");

        Assert.Equal(TableEncoder.Fit(Table.ParseCsv("x,c,y\n1,a,0\n3,b,1\n"), "y").ToJson(), onRows.ToJson());
    }

    [Fact]
    public void Fit_ChunksWhoseFirstLacksACategory_FindsIt()
    {
        var table = Table.ParseCsv("c,y\na,0\na,1\nb,0\n");

        Assert.Equal(["c=a", "c=b"], TableEncoder.Fit([table.Select([0, 1]), table.Select([2])], "y").FeatureNames);
    }

    [Fact]
    public void ColumnKinds_UsedForReading_KeepTextsThatLookLikeNumbers()
    {
        var options = new CsvOptions { Kinds = new Dictionary<string, ColumnKind> { ["zip"] = ColumnKind.Categorical } };
        var encoder = TableEncoder.Fit(Table.ParseCsv("zip,y\n007,0\n12,1\n", options: options), "y");

        var fresh = Table.ParseCsv("zip\n007\n", options: new CsvOptions { Kinds = encoder.ColumnKinds });

        Assert.Equal([1f, 0], encoder.Transform(fresh));
        Assert.Equal([0f, 1], encoder.Transform(Table.ParseCsv("zip\n12\n")));
    }

    [Fact]
    public void Fit_TextsMostlyDifferent_AreLeftOutWithANote()
    {
        var table = Table.ParseCsv("name,x,empty,y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"n{i},{i},,{i % 2}\n")));

        var encoder = TableEncoder.Fit(table, "y");

        Assert.Equal(["x"], encoder.FeatureNames);
        Assert.Equal(
            [
                "column 'name' is left out: it has 20 different texts in 20 rows, too many to be categories.",
                "column 'empty' is left out: it has no values in the training rows.",
            ],
            encoder.Notes);
    }

    [Fact]
    public void Fit_MoreThanAThousandTexts_AreLeftOutHoweverManyRows()
    {
        static string Text(int categories) => "c,x,y\n" + string.Concat(
            Enumerable.Range(0, 3 * categories).Select(i => $"n{i % categories},{i},{i % 2}\n"));

        Assert.Equal(1001, TableEncoder.Fit(Table.ParseCsv(Text(1000)), "y").FeatureNames.Count);
        var encoder = TableEncoder.Fit(Table.ParseCsv(Text(1001)), "y");
        Assert.Equal(["x"], encoder.FeatureNames);
        Assert.Contains("more than 1000 different texts", Assert.Single(encoder.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_IgnoredColumns_AreNoFeatures()
    {
        var table = Table.ParseCsv("a,b,y\n1,2,0\n2,1,1\n");

        Assert.Equal(["b"], TableEncoder.Fit(table, "y", ["a"]).FeatureNames);
        Assert.Throws<DataFormatException>(() => TableEncoder.Fit(table, "y", ["c"]));
        Assert.Throws<DataFormatException>(() => TableEncoder.Fit(table, "z"));
        Assert.Contains(
            "no column is left to predict 'y' from",
            Assert.Throws<DataFormatException>(() => TableEncoder.Fit(table, "y", ["a", "b"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TableEncoder.Fit([], "y"));
    }

    [Fact]
    public void Fit_HugeNumbers_AreRefused()
    {
        var error = Assert.Throws<DataFormatException>(() => TableEncoder.Fit(Table.ParseCsv("a,y\n1e300,0\n-1e300,1\n"), "y"));

        Assert.Equal("a", error.Column);
        Assert.Contains("too large to standardise", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_MissingColumn_NamesItAndTheNeededOnes()
    {
        var encoder = TableEncoder.Fit(Table.ParseCsv("a,b,y\n1,2,0\n2,1,1\n"), "y");

        var error = Assert.Throws<DataFormatException>(() => encoder.Transform(Table.ParseCsv("a\n1\n", "new.csv")));

        Assert.Equal("new.csv: the column 'b' is missing; the model needs the columns: a, b.", error.Message);
        Assert.Equal("b", error.Column);
    }

    [Fact]
    public void Transform_TextWhereNumbersWere_NamesLineAndText()
    {
        var encoder = TableEncoder.Fit(Table.ParseCsv("a,y\n1,0\n2,1\n"), "y");

        var error = Assert.Throws<DataFormatException>(() => encoder.Transform(Table.ParseCsv("a\n?\nred\n", "new.csv")));
        var huge = Assert.Throws<DataFormatException>(() => encoder.Transform(Table.ParseCsv("a\n1e200\n", "new.csv")));

        Assert.Equal("new.csv, line 3: column 'a' held numbers in the training data, but here has 'red'.", error.Message);
        Assert.Equal("new.csv, line 2: column 'a' has 1E+200, which is out of all proportion to the training data.", huge.Message);
    }

    [Fact]
    public void Transform_TableWithoutAFile_NamesTheRow()
    {
        var encoder = TableEncoder.Fit(Table.ParseCsv("a,y\n1,0\n2,1\n"), "y");
        var table = new Table("mine", [Column.FromTexts("a", [null, "red"])]);

        var error = Assert.Throws<DataFormatException>(() => encoder.Transform(table));
        Assert.StartsWith("mine: row 2:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transform_DestinationOfWrongLength_IsRefused()
    {
        var table = Table.ParseCsv("a,y\n1,0\n2,1\n");

        Assert.Throws<ArgumentException>(() => TableEncoder.Fit(table, "y").Transform(table, new float[3]));
    }

    [Fact]
    public void FromJson_SavedEncoder_EncodesBitIdentically()
    {
        var table = Table.ParseCsv("x,c,y\n0.1,\"a\"\"é\",0\n0.7,?,1\n?,b,0\n1e-30,b,1\n");
        var encoder = TableEncoder.Fit(table, "y");

        var loaded = TableEncoder.FromJson(encoder.ToJson());

        Assert.Equal(encoder.Transform(table), loaded.Transform(table));
        Assert.Equal(encoder.FeatureNames, loaded.FeatureNames);
        Assert.Equal(encoder.ToJson(), loaded.ToJson());
    }

    [Theory]
    [InlineData("{", "not well-formed JSON")]
    [InlineData("[]", "an object")]
    [InlineData("{}", "'format' to be a text")]
    [InlineData("""{"format":"glia.target-encoder","version":1}""", "expected the format 'glia.table-encoder'")]
    [InlineData("""{"format":"glia.table-encoder","version":2}""", "version 2 is unknown")]
    [InlineData("""{"format":"glia.table-encoder","version":1}""", "'columns' to be a list of objects")]
    [InlineData("""{"format":"glia.table-encoder","version":1,"columns":[]}""", "'columns' to be columns of different names")]
    [InlineData("""{"format":"glia.table-encoder","version":1,"columns":[3]}""", "'columns[0]' to be an object")]
    [InlineData("""{"format":"glia.table-encoder","version":1,"columns":[{"name":"a","kind":"x"}]}""", "'columns[0].kind'")]
    [InlineData("""{"format":"glia.table-encoder","version":1,"columns":[{"name":"a","kind":"numeric","mean":"1"}]}""", "'columns[0].mean'")]
    [InlineData(
        """{"format":"glia.table-encoder","version":1,"columns":[{"name":"a","kind":"numeric","mean":1,"std":0,"missing":true}]}""",
        "'columns[0].std' to be a positive number")]
    [InlineData(
        """{"format":"glia.table-encoder","version":1,"columns":[{"name":"a","kind":"numeric","mean":1e999,"std":1,"missing":true}]}""",
        "'columns[0].mean' to be finite")]
    [InlineData(
        """{"format":"glia.table-encoder","version":1,"columns":[{"name":"a","kind":"numeric","mean":1,"std":1,"missing":1}]}""",
        "'columns[0].missing' to be true or false")]
    [InlineData(
        """{"format":"glia.table-encoder","version":1,"columns":[{"name":"a","kind":"categorical","categories":["b","b"],"missing":false}]}""",
        "'columns[0].categories' to be a list of different texts")]
    [InlineData(
        """{"format":"glia.table-encoder","version":1,"columns":[{"name":"a","kind":"categorical","categories":[1],"missing":false}]}""",
        "'columns[0].categories' to be a list of texts")]
    public void FromJson_Damaged_SaysWhatIsWrong(string json, string message)
    {
        var error = Assert.Throws<DataFormatException>(() => TableEncoder.FromJson(json, "model.glia"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("model.glia", error.FileName);
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-6f;
}
