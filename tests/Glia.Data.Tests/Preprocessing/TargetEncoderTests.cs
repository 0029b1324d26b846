namespace Glia.Data.Tests.Preprocessing;

public class TargetEncoderTests
{
    private static Table Target(params object?[] values) =>
        Table.ParseCsv("x,y\n" + string.Concat(values.Select(value => $"1,{value}\n")), "t.csv");

    private static Table Repeated(int times, params object[] values) =>
        Target([.. Enumerable.Range(0, times).SelectMany(_ => values)]);

    [Fact]
    public void Fit_Texts_AreClassesByCharacterCode()
    {
        var table = Target("b", "a", "B", "a", "b", "B");

        var encoder = TargetEncoder.Fit(table, "y");

        Assert.Equal(TaskKind.Classification, encoder.Task);
        Assert.Equal(["B", "a", "b"], encoder.Classes);
        Assert.Equal([2, 1, 0, 1, 2, 0], encoder.EncodeClasses(table));
        Assert.Throws<InvalidOperationException>(() => encoder.EncodeValues(table));
        Assert.Throws<InvalidOperationException>(() => encoder.Decode(0));
    }

    [Fact]
    public void Fit_FewIntegers_AreClassesByValue()
    {
        var table = Repeated(6, 10, 2, 1, 3, 5, 7, 8, 9);

        var encoder = TargetEncoder.Fit(table, "y");

        Assert.Equal(["1", "2", "3", "5", "7", "8", "9", "10"], encoder.Classes);
        Assert.Equal([7, 1, 0], encoder.EncodeClasses(table.Select([0, 1, 2])));
    }

    [Fact]
    public void Fit_TextsThatAreAllNumbers_AreSortedByValue()
    {
        var options = new CsvOptions { Kinds = new Dictionary<string, ColumnKind> { ["y"] = ColumnKind.Categorical } };

        Assert.Equal(["2", "10"], TargetEncoder.Fit(Table.ParseCsv("y\n10\n2\n10\n2\n", options: options), "y").Classes);
    }

    [Theory]
    [InlineData(TaskKind.Classification, 1, 0.0, 1.0)]
    [InlineData(TaskKind.Classification, 2, -1.0, 1000.0)]
    [InlineData(TaskKind.Regression, 2, 0.5, 1.5)]
    [InlineData(TaskKind.Classification, 5, 1.0, 2.0, 3.0)]
    [InlineData(TaskKind.Regression, 4, 1.0, 2.0, 3.0)]
    [InlineData(TaskKind.Regression, 5, 10.0, 20.0, 30.0)]
    [InlineData(TaskKind.Regression, 5, 1.0, 2.0, 3.5)]
    public void FindTask_Numbers_FollowTheRule(TaskKind expected, int times, params double[] values)
    {
        var fitter = new TargetFitter("y");
        fitter.Add(Repeated(times, [.. values.Cast<object>()]));

        Assert.Equal(expected, fitter.FindTask());
    }

    [Theory]
    [InlineData(20, TaskKind.Classification)]
    [InlineData(21, TaskKind.Regression)]
    public void FindTask_ManyIntegers_AreNumbers(int different, TaskKind expected)
    {
        var table = Repeated(10, [.. Enumerable.Range(0, different).Cast<object>()]);

        Assert.Equal(expected, TargetEncoder.Fit(table, "y").Task);
    }

    [Fact]
    public void Fit_GivenTask_OverridesTheRule()
    {
        var table = Repeated(2, 0.5, 1.5, 2.5);

        Assert.Equal(["0.5", "1.5", "2.5"], TargetEncoder.Fit(table, "y", TaskKind.Classification).Classes);
        Assert.Equal(TaskKind.Regression, TargetEncoder.Fit(Repeated(9, 0, 1), "y", TaskKind.Regression).Task);
        Assert.Contains(
            "regression needs numbers",
            Assert.Throws<DataFormatException>(() => TargetEncoder.Fit(Target("a", "b"), "y", TaskKind.Regression)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_RegressionValues_AreInTheUsersUnits()
    {
        var table = Target(10.5, 200.25, 3000.125, -7);

        var encoder = TargetEncoder.Fit(table, "y");
        var values = encoder.EncodeValues(table);

        Assert.Equal(0, values.Average(), 1e-6);
        Assert.Equal(1, values.Average(v => v * v), 1e-6);
        Assert.Equal(3000.125, encoder.Decode(values[2]), 1e-3);
        Assert.Throws<InvalidOperationException>(() => encoder.EncodeClasses(table));
    }

    [Fact]
    public void Fit_MissingValue_NamesLineAndColumn()
    {
        var error = Assert.Throws<DataFormatException>(() => TargetEncoder.Fit(Target("a", "b", "NaN", "a"), "y"));

        Assert.Equal(
            "t.csv, line 4: the target column 'y' has no value; every row needs one, so fill it in or remove the row.", error.Message);
        Assert.Equal((4L, "y"), (error.Line, error.Column));
    }

    [Fact]
    public void Fit_UnsuitableTarget_SaysWhy()
    {
        Check(Target(3, 3, 3), "the same value ('3') in every row");
        Check(Target("a", "a"), "the same value ('a') in every row");
        Check(Target("a", "b", "a"), "class 'b' of the target column 'y' has a single row (line 3)");
        Check(Target([.. Enumerable.Range(0, 30).Select(i => $"n{i}")]), "30 different values in 30 rows, too many to be classes");
        Check(Target([.. Enumerable.Range(0, 3000).Select(i => $"n{i % 1500}")]), "more than 1000 different values in 3000 rows");
        Check(Target(1e300, -1e300), "too large to standardise", TaskKind.Regression);
        var unknown = Assert.Throws<DataFormatException>(() => TargetEncoder.Fit(Target(1, 2), "Y"));
        Assert.Contains("did you mean 'y'", unknown.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TargetEncoder.Fit([], "y"));
        Assert.Throws<ArgumentException>(() => TargetEncoder.Fit(Target(1, 2).Select([]), "y"));

        static void Check(Table table, string message, TaskKind? task = null)
        {
            var error = Assert.Throws<DataFormatException>(() => TargetEncoder.Fit(table, "y", task));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Equal("y", error.Column);
        }
    }

    [Fact]
    public void Encode_OtherRows_AreChecked()
    {
        var classes = TargetEncoder.Fit(Target("a", "b", "a", "b"), "y");
        var numbers = TargetEncoder.Fit(Target(1.5, 2.5), "y");

        Assert.Equal(
            "t.csv, line 3: class 'c' of the target column 'y' is unknown; the classes are: a, b.",
            Assert.Throws<DataFormatException>(() => classes.EncodeClasses(Target("a", "c"))).Message);
        Assert.Equal(2, Assert.Throws<DataFormatException>(() => classes.EncodeClasses(Target("?", "a"))).Line);
        Assert.Throws<DataFormatException>(() => numbers.EncodeValues(Target("?", 1)));
        Assert.Throws<DataFormatException>(() => numbers.EncodeValues(Target("a", "b")));
        Assert.Throws<DataFormatException>(() => numbers.EncodeValues(Target(1e300)));
        Assert.Throws<DataFormatException>(() => numbers.EncodeValues(Table.ParseCsv("x\n1\n")));
    }

    [Fact]
    public void EncodeClasses_NumbersReadAsTexts_AreFound()
    {
        var encoder = TargetEncoder.Fit(Repeated(5, 1, 2, 3), "y");
        var texts = new Table("t", [Column.FromTexts("y", ["3", "1"])]);

        Assert.Equal([2, 0], encoder.EncodeClasses(texts));
    }

    [Fact]
    public void FromJson_SavedEncoder_IsTheSame()
    {
        foreach (var table in new[] { Target("a", "b", "a", "b"), Target(0.1, 0.7, 1 / 3.0) })
        {
            var encoder = TargetEncoder.Fit(table, "y");
            var loaded = TargetEncoder.FromJson(encoder.ToJson());

            Assert.Equal(encoder.ToJson(), loaded.ToJson());
            Assert.Equal(
                (encoder.ColumnName, encoder.ColumnKind, encoder.Task, encoder.Mean, encoder.Std),
                (loaded.ColumnName, loaded.ColumnKind, loaded.Task, loaded.Mean, loaded.Std));
            Assert.Equal(encoder.Classes, loaded.Classes);
        }
    }

    [Theory]
    [InlineData("""{"format":"glia.target-encoder","version":1,"column":"y","numeric":false,"task":"x"}""", "'task'")]
    [InlineData("""{"format":"glia.target-encoder","version":1,"column":"y","numeric":false,"task":"classification","classes":["a"]}""", "'classes'")]
    [InlineData("""{"format":"glia.target-encoder","version":1,"column":"y","numeric":true,"task":"regression","mean":0,"std":-1}""", "'std'")]
    [InlineData("""{"format":"glia.target-encoder","version":1,"numeric":true,"task":"regression","mean":0,"std":1}""", "'column'")]
    public void FromJson_Damaged_SaysWhatIsWrong(string json, string message)
    {
        Assert.Contains(message, Assert.Throws<DataFormatException>(() => TargetEncoder.FromJson(json)).Message, StringComparison.Ordinal);
    }
}
