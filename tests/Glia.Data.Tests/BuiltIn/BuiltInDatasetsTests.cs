namespace Glia.Data.Tests.BuiltIn;

public class BuiltInDatasetsTests
{
    public static TheoryData<string> Names => [.. BuiltInDatasets.All.Where(d => d.Kind != DataKind.Sequences).Select(d => d.Name)];

    public static TheoryData<string> Sequences => [.. BuiltInDatasets.All.Where(d => d.Kind == DataKind.Sequences).Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_EveryDataset_IsAsDescribed(string name)
    {
        var dataset = BuiltInDatasets.Find(name)!;

        var table = BuiltInDatasets.Load(name);

        Assert.Equal((dataset.Rows, dataset.Columns), (table.RowCount, table.Columns.Count));
        Assert.All(table.Columns, column => Assert.Equal(0, column.MissingCount));
        Assert.Equal(dataset.Task, TargetEncoder.Fit(table, dataset.Target).Task);
        var encoder = TableEncoder.Fit(table, dataset.Target);
        Assert.Equal(dataset.Columns - 1, encoder.FeatureNames.Count);
        Assert.All(encoder.Transform(table), x => Assert.True(float.IsFinite(x)));
        Assert.All(
            new[] { dataset.Description, dataset.Source, dataset.Licence }, text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }

    [Theory]
    [InlineData("iris", "setosa 50, versicolor 50, virginica 50")]
    [InlineData("wine", "1 59, 2 71, 3 48")]
    [InlineData("breast-cancer", "benign 357, malignant 212")]
    [InlineData("digits", "0 178, 1 182, 2 177, 3 183, 4 181, 5 182, 6 181, 7 179, 8 174, 9 180")]
    [InlineData("xor", "0 200, 1 200")]
    public void Load_Classes_HaveTheirKnownSizes(string name, string expected)
    {
        var table = BuiltInDatasets.Load(name);
        var target = TargetEncoder.Fit(table, BuiltInDatasets.Find(name)!.Target);
        var labels = target.EncodeClasses(table);

        Assert.Equal(expected, string.Join(", ", target.Classes.Select((c, i) => $"{c} {labels.Count(label => label == i)}")));
    }

    [Fact]
    public void Load_Diabetes_HasItsKnownMean()
    {
        Assert.Equal(152.133484, TargetEncoder.Fit(BuiltInDatasets.Load("diabetes"), "progression").Mean, 1e-6);
    }

    [Fact]
    public void Load_NameInCapitals_IsFound()
    {
        Assert.Equal(150, BuiltInDatasets.Load("Iris").RowCount);
        Assert.Null(BuiltInDatasets.Find("irs"));
    }

    [Fact]
    public void Load_UnknownName_ListsDatasetsAndTheNearest()
    {
        var error = Assert.Throws<DataFormatException>(() => BuiltInDatasets.Load("irs"));

        Assert.Equal(
            "built-in data: there is no data set 'irs' (did you mean 'iris'?); the data sets are: "
            + "iris, wine, breast-cancer, digits, diabetes, two-clusters, xor, spirals, two-moons, sunspots, co2, adding, copy, temporal-order, moving-digits.",
            error.Message);
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void LoadSequences_EveryDataset_IsAsDescribed(string name)
    {
        var dataset = BuiltInDatasets.Find(name)!;

        var data = BuiltInDatasets.LoadSequences(name);

        Assert.Equal((dataset.Rows, dataset.Columns), (data.Count, data.InputShape.Count / data.InputShape[0]));
        Assert.Equal(dataset.Task == TaskKind.Classification, data.TargetDType == DType.Int64);
        if (dataset.Task == TaskKind.Classification)
            Assert.Equal(Enumerable.Range(0, dataset.Classes.Count).Select(c => (long)c), data.Targets.ToArray<long>().Distinct().Order());
        Assert.DoesNotContain(data.Inputs.ToArray<float>(), x => !float.IsFinite(x));
    }

    [Fact]
    public void Load_OtherKind_SaysWhichSetsHaveIt()
    {
        Assert.Equal(
            "adding: this data set holds sequences, which are no table; load it with LoadSequences.",
            Assert.Throws<DataFormatException>(() => BuiltInDatasets.Load("adding")).Message);
        Assert.Equal(
            "iris: this data set has no sequences; those that have: adding, copy, temporal-order, moving-digits.",
            Assert.Throws<DataFormatException>(() => BuiltInDatasets.LoadSequences("iris")).Message);
    }

    [Fact]
    public void LoadImages_Digits_AreEightByEightInZeroToOne()
    {
        var images = BuiltInDatasets.LoadImages("digits");

        Assert.Equal((1797, 1, 8, 8), (images.Count, images.Channels, images.Height, images.Width));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], images.ClassNames);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(images.Label));
        var image = new float[64];
        images.Read(0, image);
        Assert.Equal([0, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f, 0, 0], image[..8]);
        Assert.Contains(
            "has no images; those that have: digits", Assert.Throws<DataFormatException>(() => BuiltInDatasets.LoadImages("iris")).Message,
            StringComparison.Ordinal);
    }
}
