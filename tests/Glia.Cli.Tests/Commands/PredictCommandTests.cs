using System.Globalization;
using System.Text.Json;

namespace Glia.Cli.Tests.Commands;

[Collection(TrainedModelsCollection.Name)]
public sealed class PredictCommandTests(TrainedModels models) : IDisposable
{
    private const string IrisHeader = "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Table_GetsAClassAndItsProbabilityForEachRow()
    {
        var file = _workspace.Write("flowers.csv", IrisHeader + "5.1,3.5,1.4,0.2\n7.7,3.0,6.1,2.3\n");
        var lines = Cli.Run("predict", models.Iris, file).Success().Split('\n');
        Assert.Equal("row,prediction,probability", lines[0]);
        Assert.StartsWith("1,setosa,0.", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("2,virginica,0.", lines[2], StringComparison.Ordinal);
        Assert.Equal(["", ""], [.. lines[3..], ""]);
    }

    [Fact]
    public void Regression_IsInTheUsersUnits()
    {
        var lines = Cli.Run("predict", models.Diabetes, "diabetes").Success().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("row,progression", lines[0]);
        var predicted = lines[1..].Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)).ToArray();
        var actual = Data.BuiltInDatasets.Load("diabetes")["progression"].Numbers.ToArray();
        Assert.Equal(actual.Length, predicted.Length);
        var rmse = Math.Sqrt(actual.Zip(predicted, (a, p) => (a - p) * (a - p)).Average());
        var reported = JsonDocument.Parse(Cli.Run("evaluate", models.Diabetes, "diabetes", "--all", "--json").Success()).RootElement.GetProperty("rmse").GetDouble();
        Assert.Equal(reported, rmse, 1e-3 * reported);
        Assert.InRange(rmse, 30, 75);
    }

    [Fact]
    public void Json_HasTheSamePredictions()
    {
        var file = _workspace.Write("flowers.csv", IrisHeader + "5.1,3.5,1.4,0.2\n");
        var one = JsonDocument.Parse(Cli.Run("predict", models.Iris, file, "--json").Success()).RootElement[0];
        Assert.Equal("1", one.GetProperty("sample").GetString());
        Assert.Equal("setosa", one.GetProperty("prediction").GetString());
    }

    [Fact]
    public void Out_WritesAFileInsteadOfTheScreen()
    {
        var file = _workspace.Write("flowers.csv", IrisHeader + "5.1,3.5,1.4,0.2\n");
        Assert.Equal("", Cli.Run("predict", models.Iris, file, "--out", _workspace["p.csv"]).Success());
        Assert.Equal(Cli.Run("predict", models.Iris, file).Success(), File.ReadAllText(_workspace["p.csv"]));
        Assert.Equal("", Cli.Run("predict", models.Iris, file, "--json", "--out", _workspace["p.json"]).Success());
        Assert.Equal(Cli.Run("predict", models.Iris, file, "--json").Success(), File.ReadAllText(_workspace["p.json"]));
    }

    [Fact]
    public void Images_OneOrAFolder()
    {
        var example = Directory.GetFiles(models.Digits, "example-*.png").Single();
        var one = Cli.Run("predict", models.Digits, example).Success();
        Assert.StartsWith($"file,prediction,probability\n{example},", one, StringComparison.Ordinal);
        Directory.CreateDirectory(_workspace["pictures"]);
        File.Copy(example, _workspace["pictures/b.png"]);
        File.Copy(example, _workspace["pictures/a.png"]);
        var lines = Cli.Run("predict", models.Digits, _workspace["pictures"]).Success().Split('\n');
        Assert.Equal([_workspace["pictures/a.png"], _workspace["pictures/b.png"]], lines[1..3].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public void UnsuitableData_IsExplained()
    {
        var few = _workspace.Write("few.csv", "sepal_length_cm,petal_width_cm\n5.1,0.2\n");
        Cli.Run("predict", models.Iris, few).Fails(
            $"glia: {few}: the column 'sepal_width_cm' is missing; the model needs the columns: sepal_length_cm, sepal_width_cm, petal_length_cm, petal_width_cm.");
        var text = _workspace.Write("text.csv", IrisHeader + "5.1,3.5,1.4,0.2\n5.1,wide,1.4,0.2\n");
        Cli.Run("predict", models.Iris, text).Fails(
            $"glia: {text}, line 3: column 'sepal_width_cm' holds numbers, but line 3 has 'wide'; correct it or leave it empty.");
        var far = _workspace.Write("far.csv", IrisHeader + "5.1,1e300,1.4,0.2\n");
        Cli.Run("predict", models.Iris, far).Fails(
            $"glia: {far}, line 2: column 'sepal_width_cm' has 1E+300, which is out of all proportion to the training data.");
        var damaged = _workspace.Write("damaged.png", File.ReadAllBytes(Directory.GetFiles(models.Digits, "example-*.png").Single())[..60]);
        var result = Cli.Run("predict", models.Digits, damaged);
        Assert.StartsWith($"glia: {damaged}: ", result.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (result.ExitCode, result.Out));
        Cli.Run("predict", models.Digits, few).Fails($"glia: {few}: the model classifies images (PNG, JPEG, BMP), and this file is none.");
        Cli.Run("predict", models.Iris, damaged).Fails(
            $"glia: {damaged}: the model was trained on a table. Give a table (CSV, Parquet or Arrow) with the columns sepal_length_cm, sepal_width_cm, petal_length_cm, petal_width_cm.");
        Cli.Run("predict", models.Digits, _workspace.Path + "/").Fails($"glia: {damaged}: {result.Error[$"glia: {damaged}: ".Length..].TrimEnd()}");
        Cli.Run("predict", models.Iris, few[..^4] + "x.csv").Fails(
            $"glia: '{few[..^4]}x.csv' is neither a file or folder nor a built-in data set. Built-in sets: iris, wine, breast-cancer, digits, diabetes, two-clusters, xor, spirals, two-moons, sunspots, co2, adding, copy, temporal-order, moving-digits.");
    }

    [Fact]
    public void UnwritableOut_IsExplainedAndLeavesNothing()
    {
        var before = _workspace.Snapshot();
        var result = Cli.Run("predict", models.Iris, "iris", "--out", _workspace["no/such/folder/p.csv"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal($"glia: Cannot write '{_workspace["no/such/folder/p.csv"]}': the folder '{_workspace["no/such/folder"]}' does not exist; create it first.\n", result.Error);
        Assert.Equal(before, _workspace.Snapshot());
    }
}
