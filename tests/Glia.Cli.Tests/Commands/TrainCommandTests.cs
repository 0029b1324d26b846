using System.Text.Json;
using System.Xml.Linq;

namespace Glia.Cli.Tests.Commands;

public sealed class TrainCommandTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Digits_AreLearnedAndReported()
    {
        var report = Cli.Run("train", "digits", "--out", _workspace["run"]).Success();
        var summary = JsonDocument.Parse(File.ReadAllText(_workspace["run/summary.json"])).RootElement;
        Assert.InRange(summary.GetProperty("test").GetProperty("accuracy").GetDouble(), 0.97, 1);
        string[] parts =
        [
            "1,797 images of 8×8 pixels, grey", "1,258 samples to train, 180 to validate, 359 to test (seed 0)", "│ conv2d1    │ Conv2D    │ (16, 8, 8)   │        160 │",
            "total 38,282 parameters, 38,282 trainable, 149.5 KiB\nconvolution shares its weights: 2 convolutions have 4,800 parameters, dense layers between the same shapes would have 2,165,760,", "epoch   1/40", "val accuracy", "left\n", "weights of the best epoch", "precision", "Confusion matrix (rows: true class", "What next",
        ];
        Assert.All(parts, part => Assert.Contains(part, report, StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', report);
    }

    [Fact]
    public void RunFolder_HasModelMetricsAndCurves()
    {
        Cli.Run("train", "diabetes", "--epochs", "4", "--out", _workspace["run"]).Success();
        string[] expected =
        [
            "doctor.json", "error.png", "error.svg", "example.csv", "loss.png", "loss.svg", "metrics.csv", "model.safetensors", "predictions.png", "predictions.svg", "report.html", "summary.json",
        ];
        Assert.Equal(expected, new DirectoryInfo(_workspace["run"]).GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
        var metrics = File.ReadAllLines(_workspace["run/metrics.csv"]);
        Assert.Equal("epoch,learning_rate,seconds,loss,rmse,val_loss,val_rmse", metrics[0]);
        Assert.Equal(["1", "2", "3", "4"], metrics[1..].Select(line => line.Split(',')[0]));
        foreach (var svg in Directory.GetFiles(_workspace["run"], "*.svg"))
            Assert.Equal("svg", XDocument.Load(svg).Root!.Name.LocalName);
        foreach (var png in Directory.GetFiles(_workspace["run"], "*.png"))
            Assert.True(File.ReadAllBytes(png).AsSpan().StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']));
    }

    [Fact]
    public void Json_IsOneDocumentAndNothingElse()
    {
        var json = JsonDocument.Parse(Cli.Run("train", "iris", "--epochs", "3", "--json", "--seed", "5", "--out", _workspace["run"]).Success()).RootElement;
        Assert.Equal(3, json.GetProperty("epochsRun").GetInt32());
        Assert.Equal(5, json.GetProperty("settings").GetProperty("seed").GetInt32());
        Assert.Equal(_workspace["run/model.safetensors"], json.GetProperty("model").GetString());
        Assert.Equal(3, json.GetProperty("test").GetProperty("confusion").GetArrayLength());
    }

    [Fact]
    public void Quiet_PrintsThePathOfTheModelOnly() =>
        Assert.Equal(_workspace["run/model.safetensors"] + "\n", Cli.Run("train", "iris", "--epochs", "2", "-q", "--out", _workspace["run"]).Success());

    [Fact]
    public void Options_AreFollowed()
    {
        var report = Cli.Run(
            "train", "iris", "--epochs", "2", "--batch-size", "50", "--learning-rate", "0.5", "--optimizer", "SGD", "--hidden", "7,5", "--seed", "3", "--out", _workspace["run"]).Success();
        Assert.Contains("SGD with momentum 0.9, learning rate 0.5, batch size 50, at most 2 epochs", report, StringComparison.Ordinal);
        Assert.Contains("(7,)", report, StringComparison.Ordinal);
        Assert.Contains("(5,)", report, StringComparison.Ordinal);
        Assert.Contains("(seed 3)", report, StringComparison.Ordinal);
    }

    [Fact]
    public void NoHiddenLayer_IsALinearModel() => Assert.Contains(
        "total 15 parameters", Cli.Run("train", "iris", "--epochs", "2", "--hidden", "0", "--out", _workspace["run"]).Success(), StringComparison.Ordinal);

    [Fact]
    public void SameSeed_GivesTheSameModelFile()
    {
        byte[] Train(string name, string seed)
        {
            Cli.Run("train", "iris", "--epochs", "5", "--seed", seed, "--out", _workspace[name]).Success();
            return File.ReadAllBytes(_workspace[name + "/model.safetensors"]);
        }
        var first = Train("a", "4");
        Assert.Equal(first, Train("b", "4"));
        Assert.NotEqual(first, Train("c", "5"));
    }

    [Fact]
    public void NumberOfThreads_DoesNotChangeTheModelFile()
    {
        byte[] Train(string threads)
        {
            using var process = new CliProcess(
                _workspace.Path, new Dictionary<string, string> { ["GLIA_THREADS"] = threads }, "train", "digits", "--epochs", "2", "--augment", "strong", "--quiet", "--out", "threads" + threads);
            process.Wait().Success();
            return File.ReadAllBytes(_workspace[$"threads{threads}/model.safetensors"]);
        }
        Assert.Equal(Train("1"), Train("2"));
    }

    [Fact]
    public void EmptyFolder_IsFilled()
    {
        Directory.CreateDirectory(_workspace["run"]);
        Cli.Run("train", "iris", "--epochs", "1", "-q", "--out", _workspace["run"] + "/").Success();
        Assert.True(File.Exists(_workspace["run/model.safetensors"]));
    }
}
