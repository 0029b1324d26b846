using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;

namespace Glia.Cli.Tests.Commands;

public sealed class FamilyTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Perceptron_SeparableClasses_ConvergesAndPredicts()
    {
        var report = Cli.Run("train", "two-clusters", "--family", "perceptron", "--out", _workspace["run"]).Success();
        string[] parts =
        [
            "Model: perceptron", "total 3 parameters", "learning rate α = 1, at most 100 passes", "0 mistakes on 280 samples", "made no mistake on 280 samples, so a hyperplane separates the classes.",
            "Weights: '1' where w·x + b ≥ 0, else '0'", "│ x, standardised │", "│ bias ", "accuracy 100.00 %", "mistakes.png/.svg, boundary.png/.svg, confusion.png/.svg",
        ];
        Assert.All(parts, part => Assert.Contains(part, report, StringComparison.Ordinal));
        Assert.DoesNotContain("loss", report, StringComparison.Ordinal);

        var metrics = File.ReadAllLines(_workspace["run/metrics.csv"]);
        Assert.Equal("pass,mistakes", metrics[0]);
        Assert.EndsWith(",0", metrics[^1], StringComparison.Ordinal);
        Assert.Contains("pass", Texts("run/mistakes.svg"));
        Assert.DoesNotContain("epoch", Texts("run/mistakes.svg"));
        Assert.Contains("x, standardised", Texts("run/boundary.svg"));
        Assert.Contains("class 1", Texts("run/boundary.svg"));

        var summary = JsonDocument.Parse(File.ReadAllText(_workspace["run/summary.json"])).RootElement;
        Assert.Equal("perceptron", summary.GetProperty("family").GetString());
        Assert.True(summary.GetProperty("converged").GetBoolean());
        Assert.Equal(metrics.Length - 1, summary.GetProperty("mistakesPerPass").GetArrayLength());
        var evaluated = JsonDocument.Parse(Cli.Run("evaluate", _workspace["run"], "two-clusters", "--json").Success()).RootElement;
        Assert.Equal(1, evaluated.GetProperty("accuracy").GetDouble());
        Assert.Equal(JsonValueKind.Null, evaluated.GetProperty("loss").ValueKind);
        Assert.Contains("one of 2 classes: 0, 1, by the sign of the output", Cli.Run("summary", _workspace["run"]).Success(), StringComparison.Ordinal);
    }

    [Fact]
    public void PerceptronPrediction_IsTheSideOfTheHyperplaneAndTheDistanceFromIt()
    {
        Cli.Run("train", "two-clusters", "--family", "perceptron", "-q", "--out", _workspace["run"]).Success();
        var lines = Cli.Run("predict", _workspace["run"], "two-clusters").Success().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var table = Data.BuiltInDatasets.Load("two-clusters");
        Assert.Equal("row,prediction,distance", lines[0]);
        Assert.All(lines[1..], line => Assert.Equal(line.Split(',')[1] == "1", double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture) >= 0));
        Assert.Equal(table["class"].Codes.ToArray().Select(c => c.ToString(CultureInfo.InvariantCulture)), lines[1..].Select(line => line.Split(',')[1]));

        // The distance of a point in features of mean 0 and deviation 1, by hand from the weights in the summary.
        var summary = JsonDocument.Parse(File.ReadAllText(_workspace["run/summary.json"])).RootElement;
        double[] w = [.. summary.GetProperty("weights").EnumerateArray().Select(v => v.GetDouble())];
        var json = JsonDocument.Parse(Cli.Run("predict", _workspace["run"], "two-clusters", "--json").Success()).RootElement;
        double[] distances = [.. json.EnumerateArray().Select(p => p.GetProperty("distance").GetDouble())];
        var norm = double.Hypot(w[0], w[1]);
        var (a, b) = (Gap("x"), Gap("y"));
        Assert.Equal(((w[0] * a) + (w[1] * b)) / norm, distances[1] - distances[0], 1e-4);

        double Gap(string column)
        {
            // Differences of features need the deviation alone, which follows from the training rows that the encoder saw.
            var features = JsonDocument.Parse(Interchange.ModelFile.Load(_workspace["run/model.safetensors"]).Metadata["glia.features"]).RootElement;
            var std = features.GetProperty("columns").EnumerateArray().Single(c => c.GetProperty("name").GetString() == column).GetProperty("std").GetDouble();
            return (table[column].Numbers[1] - table[column].Numbers[0]) / std;
        }
    }

    [Fact]
    public void Xor_PerceptronSaysThatNoLineSeparatesIt_AndTheSuggestionSolvesIt()
    {
        var report = Cli.Run("train", "xor", "--family", "perceptron", "--epochs", "30", "--out", _workspace["line"]).Success();
        Assert.Contains("Did not converge in 30 passes: the last one made ", report, StringComparison.Ordinal);
        Assert.Contains("no hyperplane separates the classes (XOR is the classic case), and a perceptron cannot learn them. Use a multi-layer perceptron.", report, StringComparison.Ordinal);
        Assert.Contains("For a multi-layer perceptron: --family mlp\n", report, StringComparison.Ordinal);

        var json = JsonDocument.Parse(Cli.Run("train", "xor", "--family", "mlp", "--json", "--out", _workspace["mlp"]).Success()).RootElement;
        Assert.Equal("multi-layer perceptron", json.GetProperty("family").GetString());
        Assert.InRange(json.GetProperty("test").GetProperty("accuracy").GetDouble(), 0.98, 1);
    }

    [Fact]
    public void Perceptron_ManyFeatures_ListsItsWeightsAndHasNoPlane()
    {
        var report = Cli.Run("train", "breast-cancer", "--family", "perceptron", "--epochs", "5", "--seed", "2", "--out", _workspace["run"]).Success();
        Assert.Contains("│ worst_fractal_dimension, standardised │", report, StringComparison.Ordinal);
        Assert.Contains("pass   5/5  ", report, StringComparison.Ordinal);
        Assert.False(File.Exists(_workspace["run/boundary.png"]));
        var json = JsonDocument.Parse(File.ReadAllText(_workspace["run/summary.json"])).RootElement;
        Assert.InRange(json.GetProperty("test").GetProperty("accuracy").GetDouble(), 0.9, 1);
        Assert.Equal((30, 2), (json.GetProperty("weights").GetArrayLength(), json.GetProperty("settings").GetProperty("seed").GetInt32()));
    }

    [Fact]
    public void Perceptron_Images_AreLaidOutAsRows()
    {
        TestImages.WriteFolder(_workspace, "photos", 8, 10);
        var report = Cli.Run("train", _workspace["photos"], "--family", "perceptron", "--out", _workspace["run"]).Success();
        Assert.Contains("flatten1", report, StringComparison.Ordinal);
        Assert.Contains(" weights, one for each number of an image, and the bias are in the model file.", report, StringComparison.Ordinal);
        var image = Directory.GetFiles(_workspace["photos"], "*.png", SearchOption.AllDirectories)[0];
        Assert.StartsWith("file,prediction,distance\n", Cli.Run("predict", _workspace["run"], image).Success(), StringComparison.Ordinal);
    }

    [Fact]
    public void PerceptronWeights_BeyondAllNumbers_AreRefused()
    {
        var result = Cli.Run("train", "xor", "--family", "perceptron", "--learning-rate", "1e300", "-q", "--out", _workspace["run"]);
        result.Fails("glia: The perceptron's weights became too large at learning rate 1E+300. Give a smaller --learning-rate, such as 1.");
        Assert.False(Directory.Exists(_workspace["run"]));
    }

    [Fact]
    public void Mlp_Images_AreFlattened()
    {
        var json = JsonDocument.Parse(Cli.Run("train", "digits", "--family", "mlp", "--epochs", "10", "--json", "--out", _workspace["run"]).Success()).RootElement;
        Assert.Equal(("multi-layer perceptron", 6_570), (json.GetProperty("family").GetString(), json.GetProperty("parameters").GetInt32()));
        Assert.InRange(json.GetProperty("test").GetProperty("accuracy").GetDouble(), 0.9, 1);
        Assert.Contains("flatten1", Cli.Run("summary", _workspace["run"]).Success(), StringComparison.Ordinal);
    }

    private string[] Texts(string svg) => [.. XDocument.Load(_workspace[svg]).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)];
}
