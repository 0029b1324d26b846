using System.Globalization;
using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

public sealed class TuneRateCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Iris_GetsReasonsACurveAndFiles()
    {
        var report = Cli.Run("tune", "rate", "iris", "--out", _workspace["rates"]).Success();
        string[] parts = ["rate 0.002: the loss fell from ", "Next 0.004.", "Learning rate 0.", "Range test", "▲ learning rate 0.", "suggestions: valley ", "--learning-rate 0."];
        Assert.All(parts, part => Assert.Contains(part, report, StringComparison.Ordinal));
        Assert.Equal(["range.csv", "range.png", "range.svg", "rates.json"], new DirectoryInfo(_workspace["rates"]).GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
        var lines = File.ReadAllLines(_workspace["rates/range.csv"]);
        Assert.Equal("rate,loss,smoothed", lines[0]);
        Assert.StartsWith("1E-07,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_PrintsTheRateOnly() =>
        Assert.InRange(double.Parse(Cli.Run("tune", "rate", "iris", "--quiet").Success().TrimEnd('\n'), CultureInfo.InvariantCulture), 1e-3, 0.1);

    [Fact]
    public void Json_IsOneDocument_TheSameForTheSameSeed()
    {
        var text = Cli.Run("tune", "rate", "two-clusters", "--json", "--learning-rate", "10", "--optimizer", "sgd").Success();
        Assert.Equal(text, Cli.Run("tune", "rate", "two-clusters", "--json", "--learning-rate", "10", "--optimizer", "sgd").Success());
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(json.GetProperty("learningRate").GetDouble(), json.GetProperty("tuning").GetProperty("trials").EnumerateArray().Single(t => t.GetProperty("verdict").GetString() == "Good").GetProperty("rate").GetDouble());
        Assert.InRange(json.GetProperty("range").GetProperty("points").GetArrayLength(), 10, 100);
    }

    [Fact]
    public void Auto_TrainsAtTheRateThatTuneRateFinds()
    {
        var rate = double.Parse(Cli.Run("tune", "rate", "wine", "-q", "--seed", "2").Success(), CultureInfo.InvariantCulture);
        var report = Cli.Run("train", "wine", "--seed", "2", "--learning-rate", "auto", "--epochs", "2", "--out", _workspace["run"]).Success();
        Assert.Contains($", learning rate {rate.ToString(CultureInfo.InvariantCulture)}, weight decay", report, StringComparison.Ordinal);
        Assert.Contains("too slow\n", report, StringComparison.Ordinal);
        var settings = JsonDocument.Parse(File.ReadAllText(_workspace["run/summary.json"])).RootElement.GetProperty("settings");
        Assert.Equal(rate, settings.GetProperty("learningRate").GetDouble());
        Assert.True(settings.GetProperty("learningRateTuning").GetProperty("conclusive").GetBoolean());

        Cli.Run("train", "wine", "--seed", "2", "--learning-rate", rate.ToString("R", CultureInfo.InvariantCulture), "--epochs", "2", "--out", _workspace["by-hand"]).Success();
        Assert.Equal(File.ReadAllBytes(_workspace["by-hand/model.safetensors"]), File.ReadAllBytes(_workspace["run/model.safetensors"]));
    }

    [Theory]
    [InlineData("tune", "no command was given after 'tune'; the commands are: rate, search. Type 'glia tune --help' for help.")]
    [InlineData("tune rat iris", "there is no command 'rat' (did you mean 'rate'?); the commands are: rate, search. Type 'glia tune --help' for help.")]
    [InlineData("tune rate iris --learning-rate 0", "--learning-rate must be a number above 0 but is '0'. Type 'glia tune rate --help' for help.")]
    [InlineData("tune rate iris --learning-rate 20", "--learning-rate is where the search starts, at most 10, but is 20.")]
    [InlineData("tune rate two-clusters --family perceptron", "A perceptron learns by its own rule, which has no loss that could fall too slowly or diverge, so there is no learning rate to search. Use --family mlp.")]
    [InlineData("train two-clusters --family perceptron --learning-rate auto", "--learning-rate auto means nothing for a perceptron, which has one neuron and learns sample by sample with its own rule. Leave it out, or use --family mlp.")]
    public void BadInput_IsOneLine(string arguments, string message) => Cli.Run(arguments.Split(' ')).Fails("glia: " + message);
}
