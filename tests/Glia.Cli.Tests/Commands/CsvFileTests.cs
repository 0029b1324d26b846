using System.Globalization;
using System.Text;
using System.Text.Json;
using Glia.Cli.Commands;
using Glia.Cli.Output;

namespace Glia.Cli.Tests.Commands;

/// <summary>Tables as they come out of spreadsheets and databases.</summary>
public sealed class CsvFileTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void CategoriesAndMissingValues_AreLearnedFrom()
    {
        // The class follows from the colour, and from the size where the colour is missing.
        var text = new StringBuilder("colour,size,note,kind\n");
        for (var i = 0; i < 200; i++)
        {
            var isRed = i % 2 == 0;
            var colour = i % 5 == 0 ? "" : isRed ? "red" : "\"dark \"\"blue\"\"\"";
            text.Append(CultureInfo.InvariantCulture, $"{colour},{(i % 7 == 0 ? "NA" : isRed ? "1.5" : "-2")},\"row {i}, of 200\",{(isRed ? "\"A, B\"" : "C")}\n");
        }
        var file = _workspace.Write("t.csv", text.ToString());
        var report = Cli.Run("train", file, "--target", "kind", "--epochs", "30", "--out", _workspace["run"]).Success();
        Assert.Contains("note: column 'note' is left out", report, StringComparison.Ordinal);
        Assert.Contains("classification of 'kind' into 2 classes", report, StringComparison.Ordinal);
        Assert.InRange(Accuracy("run"), 0.9, 1);
        var unseen = _workspace.Write("new.csv", "size,colour\n1.5,red\n,green\n-2,\"dark \"\"blue\"\"\"\n");
        var lines = Cli.Run("predict", _workspace["run"], unseen).Success().Split('\n');
        Assert.StartsWith("1,\"A, B\",", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("3,C,", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(";", ",", "\r\n", true)]
    [InlineData("\t", ".", "\n", false)]
    [InlineData(",", ".", "\r\n", true)]
    public void Dialects_AreRead(string separator, string point, string lineEnd, bool mark)
    {
        string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture).Replace(".", point, StringComparison.Ordinal);
        var lines = Enumerable.Range(0, 120).Select(i => string.Join(separator, Number(i * 0.37 % 1), Number(i * 0.71 % 1), Number(1000 + (500 * (i * 0.37 % 1)) - (300 * (i * 0.71 % 1)))));
        byte[] start = mark ? [0xEF, 0xBB, 0xBF] : [];
        var file = _workspace.Write("t.csv", [.. start, .. Encoding.UTF8.GetBytes(string.Join(lineEnd, [string.Join(separator, "größe", "b", "preis"), .. lines]))]);
        var report = Cli.Run("train", file, "--target", "preis", "--epochs", "60", "--out", _workspace["run"]).Success();
        Assert.Contains("regression of 'preis'", report, StringComparison.Ordinal);
        var summary = JsonDocument.Parse(File.ReadAllText(_workspace["run/summary.json"])).RootElement.GetProperty("test");
        Assert.InRange(summary.GetProperty("r2").GetDouble(), 0.95, 1);
        // In the units of the file, where the spread is about 170.
        Assert.InRange(summary.GetProperty("rmse").GetDouble(), 0.1, 40);
        Assert.InRange(JsonDocument.Parse(Cli.Run("evaluate", _workspace["run"], file, "--json").Success()).RootElement.GetProperty("r2").GetDouble(), 0.95, 1);
    }

    [Fact]
    public void LargeFiles_AreStreamedWithTheSameQuality()
    {
        var file = _workspace.Write("moons.csv", Moons(3000));
        double Train(string name, long streamingBytes)
        {
            using var output = new StringWriter();
            var options = new TrainOptions { Data = file, Target = "class", Epochs = 8, Out = _workspace[name], StreamingBytes = streamingBytes };
            Assert.Equal(0, TrainCommand.Run(options, new Terminal(output, TextWriter.Null, json: false, quiet: false)));
            Assert.Equal(streamingBytes == 0, output.ToString().Contains("read from the file piece by piece", StringComparison.Ordinal));
            return Accuracy(name);
        }
        Assert.InRange(Train("memory", long.MaxValue), 0.97, 1);
        Assert.InRange(Train("streamed", 0), 0.97, 1);

        // The held-out rows of a streamed file are divided otherwise, and found again all the same.
        var evaluated = JsonDocument.Parse(Cli.Run("evaluate", _workspace["streamed"], file, "--json").Success()).RootElement;
        Assert.Equal("the held-out test part of the data the model was trained on", evaluated.GetProperty("part").GetString());
        Assert.Equal(Accuracy("streamed"), evaluated.GetProperty("accuracy").GetDouble());
        Assert.Equal(3000, JsonDocument.Parse(Cli.Run("evaluate", _workspace["streamed"], file, "--all", "--json").Success()).RootElement.GetProperty("samples").GetInt32());
        Assert.Equal(3001, Cli.Run("predict", _workspace["streamed"], file).Success().Count(c => c == '\n'));
    }

    private double Accuracy(string run) =>
        JsonDocument.Parse(File.ReadAllText(_workspace[run + "/summary.json"])).RootElement.GetProperty("test").GetProperty("accuracy").GetDouble();

    private static string Moons(int rows)
    {
        var table = Data.SyntheticData.TwoMoons(rows, seed: 1);
        var text = new StringBuilder("x,y,class\n");
        for (var row = 0; row < rows; row++)
            text.AppendJoin(',', table.Columns.Select(column => column.GetText(row))).Append('\n');
        return text.ToString();
    }
}
