using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

[Collection(TrainedModelsCollection.Name)]
public sealed class EvaluateCommandTests(TrainedModels models)
{
    [Theory]
    [InlineData("iris")]
    [InlineData("diabetes")]
    [InlineData("digits")]
    public void DataTrainedOn_GivesExactlyTheResultOfTheHeldOutPart(string name)
    {
        var folder = name == "iris" ? models.Iris : name == "diabetes" ? models.Diabetes : models.Digits;
        var trained = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "summary.json"))).RootElement.GetProperty("test");
        var evaluated = JsonDocument.Parse(Cli.Run("evaluate", folder, name, "--json").Success()).RootElement;
        Assert.Equal("the held-out test part of the data the model was trained on", evaluated.GetProperty("part").GetString());
        // Bit for bit: the model in the file is the model that was trained.
        foreach (var value in trained.EnumerateObject())
            Assert.Equal(JsonSerializer.Serialize(value.Value), JsonSerializer.Serialize(evaluated.GetProperty(value.Name)));
    }

    [Fact]
    public void All_UsesEverySample()
    {
        var evaluated = JsonDocument.Parse(Cli.Run("evaluate", models.Iris, "iris", "--all", "--json").Success()).RootElement;
        Assert.Equal(150, evaluated.GetProperty("samples").GetInt32());
        Assert.Equal("all of the data", evaluated.GetProperty("part").GetString());
    }

    [Fact]
    public void Quiet_PrintsOneNumber()
    {
        Assert.Matches(@"^accuracy \d+\.\d\d %\n$", Cli.Run("evaluate", models.Iris, "iris", "-q").Success());
        Assert.Matches(@"^rmse \d+(\.\d+)?\n$", Cli.Run("evaluate", models.Diabetes, "diabetes", "--quiet").Success());
    }

    [Fact]
    public void DataOfAnotherKind_IsExplained()
    {
        Cli.Run("evaluate", models.Iris, "wine").Fails(
            "glia: wine: the column 'sepal_length_cm' is missing; the model needs the columns: sepal_length_cm, sepal_width_cm, petal_length_cm, petal_width_cm.");
        Cli.Run("evaluate", models.Digits, "wine").Fails("glia: wine: this data set has no images; those that have: digits.");
    }

    [Fact]
    public void Summary_ShowsLayersAndWhatTheModelNeeds()
    {
        var text = Cli.Run("summary", models.Iris).Success();
        Assert.All(
            ["trained on iris (150 samples, seed 0)", "│ dense1 │ Dense │ (64,)", "a table with columns: sepal_length_cm,", "one of 3 classes: setosa, versicolor, virginica"],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.Contains("images (PNG, JPEG, BMP); they become grey, 8×8 pixels", Cli.Run("summary", models.Digits).Success(), StringComparison.Ordinal);
        var json = JsonDocument.Parse(Cli.Run("summary", models.Diabetes, "--json").Success()).RootElement;
        Assert.Equal("regression", json.GetProperty("task").GetString());
    }

    [Fact]
    public void Summary_ComparesConvolutionWithDenseLayers()
    {
        Assert.Contains("convolution shares its weights: 2 convolutions have 4,800 parameters", Cli.Run("summary", models.Digits).Success(), StringComparison.Ordinal);
        Assert.DoesNotContain("convolution", Cli.Run("summary", models.Iris).Success(), StringComparison.Ordinal);
        var layers = JsonDocument.Parse(Cli.Run("summary", models.Digits, "--json").Success()).RootElement.GetProperty("layers").EnumerateArray().ToArray();
        // 64 pixels to 16 maps of 64: a weight for each pair, and 1,024 biases.
        Assert.Equal((160, 66_560), (layers[0].GetProperty("parameters").GetInt32(), layers[0].GetProperty("denseParameters").GetInt32()));
        Assert.False(layers[1].TryGetProperty("denseParameters", out _));
    }
}
