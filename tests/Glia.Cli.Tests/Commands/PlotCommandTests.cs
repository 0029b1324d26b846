using System.Text.Json;
using Glia.Cli.Pictures;

namespace Glia.Cli.Tests.Commands;

[Collection(TrainedModelsCollection.Name)]
public sealed class PlotCommandTests(TrainedModels models) : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    private string Copy(string run)
    {
        var folder = _workspace[Path.GetFileName(run)];
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(run))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return folder;
    }

    [Fact]
    public void List_NamesEveryKind_AndWhatItNeeds()
    {
        var text = Cli.Run("plot", "--list").Success();
        Assert.All(PlotKinds.All, k => Assert.Contains($"{k.Name} ", text, StringComparison.Ordinal));
        Assert.Equal(PlotKinds.All.Count, PlotKinds.All.Select(k => k.Name).Distinct().Count());
        Assert.All(PlotKinds.All, k => Assert.Matches("^[a-z][a-z-]+$", k.Name));
        var ofIris = Cli.Run("plot", models.Iris).Success();
        Assert.Contains("grad-cam               it needs a model that classifies images", ofIris, StringComparison.Ordinal);
        Assert.Contains("  boundary ", ofIris, StringComparison.Ordinal);
        var json = JsonDocument.Parse(Cli.Run("plot", models.Iris, "--list", "--json").Success()).RootElement;
        var missing = json.EnumerateArray().ToDictionary(k => k.GetProperty("kind").GetString()!, k => k.GetProperty("missing").GetProperty(models.Iris).GetString());
        Assert.Null(missing["roc"]);
        Assert.Equal("an LSTM or GRU layer", missing["gates"]);
    }

    [Fact]
    public void All_DrawsWhatTheListPromises()
    {
        foreach (var run in new[] { models.Iris, models.Diabetes, models.Digits }.Select(Copy))
        {
            var kinds = JsonDocument.Parse(Cli.Run("plot", run, "--list", "--json").Success()).RootElement.EnumerateArray()
                .Where(k => k.GetProperty("missing").GetProperty(run).ValueKind == JsonValueKind.Null).Select(k => k.GetProperty("kind").GetString()!).ToList();
            // The plane of losses takes long, and is drawn of one run only.
            var printed = Cli.Run("plot", run, "all").Success().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(kinds.Select(k => Path.Combine(run, "plots", k + ".svg")), printed);
            Assert.All(printed, file => Assert.Contains("</svg>", File.ReadAllText(file), StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("digits", "filters", "--layer", "conv2d2", "--channel", "3")]
    [InlineData("digits", "feature-maps", "--sample", "5", "--layer", "relu2", "--channel", "1")]
    [InlineData("digits", "patches", "--layer", "conv2d1", "--channel", "2")]
    [InlineData("digits", "grad-cam", "--sample", "3", "--class", "8", "--layer", "conv2d2")]
    [InlineData("digits", "saliency", "--class", "0")]
    [InlineData("iris", "roc", "--class", "virginica")]
    [InlineData("iris", "boundary", "--columns", "sepal_width_cm,petal_width_cm")]
    [InlineData("iris", "loss", "--smooth", "0.9", "--log-y", "--log-x", "--part", "training")]
    [InlineData("iris", "weight-histograms", "--layer", "dense1")]
    [InlineData("iris", "activation", "--layer", "relu2")]
    public void Options_AreUnderstood(string model, string kind, params string[] options)
    {
        var file = _workspace["picture.png"];
        Assert.Equal(file + "\n", Cli.Run(["plot", model == "iris" ? models.Iris : models.Digits, kind, "--out", file, .. options]).Success());
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(file)[..4]);
    }

    [Fact]
    public void SeveralRuns_ShareOnePicture()
    {
        var file = _workspace["both.svg"];
        Cli.Run("plot", models.Iris, models.Digits, "loss", "--out", file).Success();
        Assert.All((string[])["loss, validation", "iris", "digits"], text => Assert.Contains(text, File.ReadAllText(file), StringComparison.Ordinal));
        Cli.Run("plot", models.Iris, models.Diabetes, "metric", "--out", file).Fails("glia: The runs are measured by different numbers: accuracy (%), RMSE of progression. Compare runs of one kind.");
        Cli.Run("plot", models.Iris, models.Digits, "roc").Fails("glia: 'roc' is a picture of one run, but got 2. Pictures of several: loss, metric, learning-rate, steps, regimes.");
        Cli.Run("plot", models.Iris, models.Digits, "regimes", "--out", file).Success();
        Assert.Contains("learning rate 0.002", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Terminal_ShowsThePicture_AndWritesNothing()
    {
        var run = Copy(models.Iris);
        var text = Cli.Run("plot", run, "confusion", "--terminal").Success();
        Assert.Contains("true \\ pred.  setosa  versicolor  virginica  recall", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(run, "plots")));
        Assert.Contains("calibration error", Cli.Run("plot", run, "calibration", "--terminal", "--out", _workspace["c.svg"]).Success(), StringComparison.Ordinal);
        Assert.True(File.Exists(_workspace["c.svg"]));
    }

    [Fact]
    public void Json_NamesTheFiles()
    {
        var json = JsonDocument.Parse(Cli.Run("plot", models.Iris, "roc", "--json", "--out", _workspace["r.svg"]).Success()).RootElement;
        Assert.Equal(("roc", _workspace["r.svg"]), (json[0].GetProperty("kind").GetString(), json[0].GetProperty("file").GetString()));
    }

    [Fact]
    public void WhatCannotBeDrawn_IsExplained_AndNothingIsWritten()
    {
        var run = Copy(models.Iris);
        var before = _workspace.Snapshot();
        Cli.Run("plot", run, "grad-cam").Fails($"glia: '{run}': 'grad-cam' needs a model that classifies images. 'glia plot {run}' lists what can be drawn.");
        Cli.Run("plot", run, "trials").Fails($"glia: '{run}': 'trials' needs search.json, which 'glia tune search' writes at its end. 'glia plot {run}' lists what can be drawn.");
        Assert.StartsWith("glia: there is no kind of picture 'lose' (did you mean 'loss'?)", Cli.Run("plot", run, "lose").Error, StringComparison.Ordinal);
        Cli.Run("plot", _workspace["none"], "loss").Fails($"glia: There is no run '{_workspace["none"]}'. Give the folder of a run or of a search, or a model file.");
        Cli.Run("plot", "loss").Fails("glia: Of which run? Give its folder before 'loss'.");
        Cli.Run("plot").Fails("glia: Which run, and which picture? Type 'glia plot --list' for the kinds, or 'glia plot --help'.");
        Cli.Run("plot", run, "loss", "--out", _workspace["loss.gif"]).Fails($"glia: --out must be a file that ends in .svg or .png but is '{_workspace["loss.gif"]}'.");
        Cli.Run("plot", run, "loss", "--smooth", "1").Fails("glia: --smooth must be a weight from 0 to below 1 but is '1'.");
        Cli.Run("plot", run, "loss", "--out", _workspace["no/such/loss.svg"]).Fails($"glia: Cannot write '{_workspace["no/such/loss.svg"]}': its folder does not exist. Choose another place with --out.");
        Cli.Run("plot", run, "boundary", "--columns", "sepal_width_cm").Fails(
            "glia: --columns names two different columns of numbers, such as sepal_length_cm,sepal_width_cm, but got sepal_width_cm. There are: sepal_length_cm, sepal_width_cm, petal_length_cm, petal_width_cm.");
        Cli.Run("plot", run, "activation", "--layer", "relu9").Fails("glia: There is no activation 'relu9' to draw. There are: relu1, relu2.");
        Cli.Run("plot", models.Digits, "grad-cam", "--sample", "9999").Fails("glia: --sample is 9999, but there are 359 samples, numbered from 0.");
        Cli.Run("plot", models.Digits, "patches", "--layer", "dense1").Fails("glia: There is no layer 'dense1' with feature maps. There are: conv2d1, relu1, conv2d2, relu2, maxpool2d1.");
        Cli.Run("plot", models.Digits, "filters", "--channel", "99").Fails("glia: --channel is 99, but 'conv2d1' has 16 filters, numbered from 0.");
        Assert.Equal(before, _workspace.Snapshot());
    }

    [Theory]
    [InlineData("doctor.json", "steps", "{")]
    [InlineData("doctor.json", "gradients", "{}")]
    [InlineData("metrics.csv", "loss", "epoch\n")]
    [InlineData("metrics.csv", "loss", "")]
    [InlineData("model.safetensors", "roc", "broken")]
    [InlineData("search.json", "trials", "{\"trials\":[{\"validationLoss\":1}]}")]
    [InlineData("search.json", "importance", "[]")]
    [InlineData("rates.json", "rate-range", "{\"range\":{\"points\":[]},\"learningRate\":1}")]
    public void DamagedFiles_AreBadInput(string file, string kind, string content)
    {
        var run = Copy(models.Iris);
        File.WriteAllText(Path.Combine(run, file), content);
        var result = Cli.Run("plot", run, kind, "--out", _workspace["x.svg"]);
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Assert.StartsWith("glia: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.False(File.Exists(_workspace["x.svg"]));
    }

    [Fact]
    public void SequencesAndSeries_HaveTheirPictures()
    {
        var series = _workspace["series"];
        Cli.Run("train", "co2", "--epochs", "2", "--hidden", "4", "--out", series, "-q").Success();
        foreach (var (kind, options) in new (string, string[])[] { ("forecast", []), ("forecast", ["--sample", "3"]), ("horizon", []), ("gates", []), ("time-gradients", []), ("eigenvalues", []) })
            Cli.Run(["plot", series, kind, "--out", _workspace["s.svg"], .. options]).Success();
        Assert.Contains("forget gate, spectral radius", File.ReadAllText(_workspace["s.svg"]), StringComparison.Ordinal);
        var perceptron = _workspace["perceptron"];
        Cli.Run("train", "two-clusters", "--family", "perceptron", "--out", perceptron, "-q").Success();
        foreach (var kind in new[] { "metric", "boundary", "roc" })
            Cli.Run("plot", perceptron, kind, "--out", _workspace["p.svg"]).Success();
        Cli.Run("plot", perceptron, "landscape").Fails($"glia: '{perceptron}': 'landscape' needs a loss, and a perceptron has none. 'glia plot {perceptron}' lists what can be drawn.");
    }
}
