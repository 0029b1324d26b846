using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void HealthyData_NothingIsFound()
    {
        var report = Cli.Run("doctor", "iris").Success();
        Assert.StartsWith("iris: 150 rows, 4 features from 4 columns\nmulti-layer perceptron, 2499 parameters, before training (seed 0)\n", report, StringComparison.Ordinal);
        Assert.Contains("Doctor: nothing found", report, StringComparison.Ordinal);
    }

    [Fact]
    public void TableWithATellingColumn_IsNamedWithItsColumn()
    {
        var lines = Enumerable.Range(0, 120).Select(i => FormattableString.Invariant($"{(i * 37) % 101},{(i * 53) % 89},{i % 2},{(i % 2 == 0 ? "left" : "right")}"));
        File.WriteAllText(_workspace["leak.csv"], $"a,b,code,side\n{string.Join('\n', lines)}\n");
        var report = Cli.Run("doctor", _workspace["leak.csv"], "--target", "side").Success();
        Assert.Contains("warning: one feature gives the answer away\n  seen:   feature 'code' of 3 alone tells the target with a score of 1.000", report, StringComparison.Ordinal);
        Assert.Contains("Leakage\n", Cli.Run("doctor", _workspace["leak.csv"], "--target", "side", "--quiet").Success(), StringComparison.Ordinal);
    }

    [Fact]
    public void SlowRun_IsTold_AndMended()
    {
        Cli.Run("train", "iris", "--epochs", "20", "--learning-rate", "0.00001", "--quiet", "--out", _workspace["slow"]).Success();
        var json = JsonDocument.Parse(Cli.Run("doctor", _workspace["slow"], "--json").Success()).RootElement;
        var finding = json.GetProperty("findings")[0];
        Assert.Equal("SlowLearning", finding.GetProperty("symptom").GetString());
        Assert.StartsWith("--learning-rate 0.00", finding.GetProperty("option").GetString(), StringComparison.Ordinal);
        Assert.Contains("glia train iris --epochs 20 --learning-rate 0.00", Cli.Run("doctor", _workspace["slow/model.safetensors"]).Success(), StringComparison.Ordinal);

        var mended = JsonDocument.Parse(Cli.Run("doctor", _workspace["slow"], "--fix", "--out", _workspace["mended"], "--json").Success()).RootElement;
        Assert.True(mended.GetProperty("rounds")[0].GetProperty("testLoss").GetDouble() < mended.GetProperty("before").GetProperty("testLoss").GetDouble() / 2);
        Assert.True(File.Exists(_workspace["mended/model.safetensors"]));
    }

    [Fact]
    public void DivergedRun_KeepsFiniteWeightsAndARecord_AndIsMended()
    {
        var result = Cli.Run("train", "diabetes", "--optimizer", "sgd", "--learning-rate", "50", "--epochs", "30", "--quiet", "--out", _workspace["bad"]);
        Assert.Equal(3, result.ExitCode);
        Assert.Matches(@"^glia: The (loss|gradient) became (NaN|infinite) in epoch \d+, step \d+, at learning rate 50: (NaN|infinity) first appears in .*The last finite weights are in '.*bad'\.\n$", result.Error);
        Assert.Equal(["doctor.json", "model.safetensors", "report.html", "summary.json"], new DirectoryInfo(_workspace["bad"]).GetFiles().Select(f => f.Name).Order(StringComparer.Ordinal));
        var report = Cli.Run("doctor", _workspace["bad"], "--fix", "--out", _workspace["good"]).Success();
        Assert.Contains("diverged     before: NaN or infinity in training\n", report, StringComparison.Ordinal);
        Assert.True(File.Exists(_workspace["good/metrics.csv"]));
    }

    [Fact]
    public void Training_EndsWithAVerdictAndFindings()
    {
        var report = Cli.Run("train", "iris", "--epochs", "3", "--out", _workspace["short"]).Success();
        Assert.Contains("Verdict\nstill falling: the validation loss fell from ", report, StringComparison.Ordinal);
        var summary = JsonDocument.Parse(File.ReadAllText(_workspace["short/summary.json"])).RootElement;
        Assert.Equal("StillFalling", summary.GetProperty("verdict").GetProperty("kind").GetString());
        Assert.Equal("3", summary.GetProperty("arguments").GetProperty("epochs").GetString());
        Assert.Contains("NotConverged", Cli.Run("doctor", _workspace["short"], "--quiet").Success(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1, 2")]
    [InlineData("null")]
    public void DamagedRecord_IsOneLine(string text)
    {
        Cli.Run("train", "iris", "--epochs", "1", "--quiet", "--out", _workspace["run"]).Success();
        File.WriteAllText(_workspace["run/doctor.json"], text);
        var result = Cli.Run("doctor", _workspace["run"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Out);
        Assert.StartsWith($"glia: The run '{_workspace["run"]}' is damaged: The record of a run is ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void RunWithoutARecord_AndDataWithFix_AreRefused()
    {
        Cli.Run("train", "two-clusters", "--family", "perceptron", "--quiet", "--out", _workspace["line"]).Success();
        Cli.Run("doctor", _workspace["line"]).Fails($"glia: '{_workspace["line"]}' holds no doctor.json, which 'glia train' writes for networks. Train again, or examine the data.");
        Cli.Run("doctor", "iris", "--fix").Fails("glia: iris: --fix trains a run again with the remedy, so it needs a run folder made by 'glia train'.");
        Cli.Run("doctor", "two-clusters", "--family", "perceptron").Fails("glia: A perceptron learns by its own rule, without a loss. Look at the data with another family: --family mlp.");
        Cli.Run("doctor").Fails("glia: Required argument 'data' missing for command: 'doctor'. Type 'glia doctor --help' for help.");
    }
}
