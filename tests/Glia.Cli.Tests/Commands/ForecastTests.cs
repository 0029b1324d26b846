using System.Globalization;
using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

public sealed class ForecastTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Series_IsForecastAndComparedWithPersistence()
    {
        var file = Wave("wave.csv", 400);
        var run = _workspace["run"];
        var report = Cli.Run("train", file, "--series", "value", "--horizon", "4", "--lookback", "12", "--season", "12", "--epochs", "25", "--out", run).Success();
        string[] parts =
        [
            "wave: a series of 400 values, in the order of time", "task: forecast of 'value', 4 steps ahead from the last 12 values", "Model: LSTM network", "skill",
            "a season ago", "forecast.png/.svg, horizon.png/.svg", $"glia predict {run} {run}/example.csv",
        ];
        Assert.All(parts, part => Assert.Contains(part, report, StringComparison.Ordinal));

        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))).RootElement;
        var test = summary.GetProperty("test");
        Assert.Equal("forecasting", summary.GetProperty("task").GetString());
        Assert.InRange(test.GetProperty("skill").GetDouble(), 0.5, 1);
        Assert.Equal(4, test.GetProperty("rmseByStep").GetArrayLength());
        Assert.InRange(test.GetProperty("seasonalRmse").GetDouble(), 0, 0.1);

        var evaluated = JsonDocument.Parse(Cli.Run("evaluate", run, file, "--json").Success()).RootElement;
        Assert.Equal(test.GetProperty("rmse").GetDouble(), evaluated.GetProperty("rmse").GetDouble());
        Assert.Equal(385, JsonDocument.Parse(Cli.Run("evaluate", run, file, "--all", "--json").Success()).RootElement.GetProperty("samples").GetInt32());

        var forecast = Cli.Run("predict", run, file).Success().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("step,value", forecast[0]);
        Assert.Equal(5, forecast.Length);
        var longer = Cli.Run("predict", run, file, "--horizon", "10").Success().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(11, longer.Length);
        Assert.Equal(forecast, longer[..5]);
        for (var h = 1; h <= 4; h++)
            Assert.Equal(Value(399 + h), double.Parse(forecast[h].Split(',')[1], CultureInfo.InvariantCulture), 1.0);
        Assert.Contains("the next 4 values of value", Cli.Run("summary", run).Success(), StringComparison.Ordinal);

        Cli.Run("predict", run, Wave("few.csv", 9)).Fails($"glia: {_workspace["few.csv"]}: the series has 9 values, but a forecast is made from the last 12.");
        Cli.Run("evaluate", run, _workspace["few.csv"]).Fails($"glia: {_workspace["few.csv"]}: the series has 9 values, but the model needs 12 known ones and 4 to compare with.");
        Cli.Run("predict", run, "iris").Fails("glia: iris: there is no column 'value'; the columns are: sepal_length_cm, sepal_width_cm, petal_length_cm, petal_width_cm, species.");
        Cli.Run("predict", run, file, "--horizon", "1000000").Fails("glia: --horizon is 1000000, but 100000 steps at most are forecast.");
    }

    [Theory]
    [InlineData("rnn", "SimpleRnn")]
    [InlineData("gru", "Gru")]
    [InlineData("mlp", "Flatten")]
    public void OtherFamilies_ForecastToo(string family, string layer)
    {
        var file = Wave("wave.tsv", 150);
        Assert.Contains(layer, Cli.Run("train", file, "--series", "value", "--family", family, "--horizon", "2", "--epochs", "2", "--out", _workspace["run"]).Success(), StringComparison.Ordinal);
        Assert.Equal(4, Cli.Run("predict", _workspace["run"], file).Success().Split('\n').Length);
    }

    [Fact]
    public void BuiltInSeries_IsForecastUnlessATargetIsNamed()
    {
        Assert.Contains("task: forecast of 'value', 12 steps ahead from the last 48 values", Cli.Run("train", "co2", "--epochs", "1", "--out", _workspace["a"]).Success(), StringComparison.Ordinal);
        Assert.Contains("task: regression of 'value'", Cli.Run("train", "co2", "--target", "value", "--epochs", "1", "--out", _workspace["b"]).Success(), StringComparison.Ordinal);
        Cli.Run("predict", _workspace["b"], "co2", "--horizon", "3").Fails("glia: --horizon is for models of a time series, but this is none. Leave it out.");
    }

    [Theory]
    [InlineData("adding", "regression of 'sum'", "a number")]
    [InlineData("copy", "classification of 'symbol' at each step into 9 classes", "for each step one of 9 classes")]
    [InlineData("temporal-order", "sequences of up to 110 steps of (8) numbers", "one of 4 classes")]
    [InlineData("moving-digits", "Model: convolutional network for each image, then LSTM", "one of 8 classes")]
    public void BuiltInSequences_AreTrainedAndMeasured(string name, string expected, string predicts)
    {
        var run = _workspace["run"];
        string[] small = name == "moving-digits" ? [] : ["--family", "gru", "--hidden", "8"];
        var report = Cli.Run(["train", name, "--steps", "2", .. small, "--out", run]).Success();
        Assert.Contains(expected, report, StringComparison.Ordinal);
        Assert.Contains("all 2 steps done", report, StringComparison.Ordinal);
        Assert.DoesNotContain("glia predict", report, StringComparison.Ordinal);
        var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "summary.json"))).RootElement.GetProperty("test");
        var evaluated = JsonDocument.Parse(Cli.Run("evaluate", run, name, "--json").Success()).RootElement;
        Assert.Equal(summary.GetProperty("loss").GetDouble(), evaluated.GetProperty("loss").GetDouble());
        Assert.Contains(predicts, Cli.Run("summary", run).Success(), StringComparison.Ordinal);
        Cli.Run("evaluate", run, "iris").Fails($"glia: iris: the model was trained on the built-in sequences '{name}', and no file of the program's holds such. Measure it with: glia evaluate <model> {name}");
        Cli.Run("predict", run, name).Fails($"glia: {run}/model.safetensors: this model was trained on built-in sequences, and no file of the program's holds such. Measure it with: glia evaluate {run}/model.safetensors {name}");
    }

    private static double Value(int t) => 20 + (5 * Math.Sin(t * Math.PI / 6));

    private string Wave(string name, int count)
    {
        var separator = name.EndsWith(".tsv", StringComparison.Ordinal) ? '\t' : ',';
        return _workspace.Write(name, $"month{separator}value\n" + string.Concat(Enumerable.Range(0, count).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t}{separator}{Value(t):F4}\n"))));
    }
}
