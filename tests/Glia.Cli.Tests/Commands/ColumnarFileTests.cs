using System.Text;
using System.Text.Json;
using Glia.Cli.Commands;
using Glia.Cli.Output;
using Glia.Data;
using Glia.Data.Tests;
using Glia.Interchange;

namespace Glia.Cli.Tests.Commands;

/// <summary>Tables as data tools write them: Parquet and Arrow files wherever CSV files are taken.</summary>
public sealed class ColumnarFileTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void EveryForm_TrainsTheSameModelToTheBit()
    {
        var expected = Train("iris.csv", Csv(Iris));
        Assert.Equal(expected, Train("iris.parquet", Columnar.Parquet(Iris)));
        Assert.Equal(expected, Train("iris.feather", Columnar.Arrow(Iris)));
        foreach (var run in new[] { "iris.parquet", "iris.feather" })
        {
            var evaluated = JsonDocument.Parse(Cli.Run("evaluate", _workspace[run + ".run"], _workspace[run], "--json").Success()).RootElement;
            Assert.Equal("the held-out test part of the data the model was trained on", evaluated.GetProperty("part").GetString());
            // A model takes any form of table, whichever it was trained on.
            Assert.Equal(Cli.Run("predict", _workspace["iris.csv.run"], _workspace["iris.csv"]).Success(), Cli.Run("predict", _workspace["iris.csv.run"], _workspace[run]).Success());
        }
    }

    [Fact]
    public void LargeFile_IsStreamedToTheSameModelAsItsCsvFile()
    {
        byte[][] models = [.. new[] { ("moons.csv", Csv(Moons)), ("moons.parquet", Columnar.Parquet(Moons, rowGroup: 300)), ("moons.arrow", Columnar.Arrow(Moons, batch: 300)) }.Select(file => Train(file.Item1, file.Item2, "class", 0))];
        Assert.Equal(models[0], models[1]);
        Assert.Equal(models[0], models[2]);
    }

    [Fact]
    public void DoctorAndTune_TakeParquet()
    {
        var file = _workspace.Write("iris.parquet", Columnar.Parquet(Iris));
        Cli.Run("doctor", file, "--target", "species").Success();
        Assert.Contains("learning rate", Cli.Run("tune", "rate", file, "--target", "species").Success(), StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedFile_IsOneLine() =>
        Cli.Run("train", _workspace.Write("a.parquet", "no table"), "--target", "x").Fails($"glia: {_workspace["a.parquet"]}: this is not a Parquet file, or it is truncated.");

    private static Table Iris => BuiltInDatasets.Load("iris");

    private static Table Moons => SyntheticData.TwoMoons(1000, seed: 1);

    private byte[] Train(string name, byte[] bytes, string target = "species", long streamingBytes = long.MaxValue)
    {
        var file = _workspace.Write(name, bytes);
        using var output = new StringWriter();
        var options = new TrainOptions { Data = file, Target = target, Epochs = 3, Out = _workspace[name + ".run"], StreamingBytes = streamingBytes };
        Assert.Equal(0, TrainCommand.Run(options, new Terminal(output, TextWriter.Null, json: false, quiet: false)));
        Assert.Equal(streamingBytes == 0, output.ToString().Contains("read from the file piece by piece", StringComparison.Ordinal));
        var model = ModelFile.Load(_workspace[name + ".run/model.safetensors"]);
        return [.. model.Network.Parameters.SelectMany(p => p.ToArray<float>()).SelectMany(BitConverter.GetBytes)];
    }

    private static byte[] Csv(Table table)
    {
        var text = new StringBuilder().AppendJoin(',', table.Columns.Select(c => c.Name)).Append('\n');
        for (var row = 0; row < table.RowCount; row++)
            text.AppendJoin(',', table.Columns.Select(c => c.GetText(row))).Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
