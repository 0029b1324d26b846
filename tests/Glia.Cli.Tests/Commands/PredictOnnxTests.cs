using System.Globalization;
using System.Text.Json.Nodes;
using Glia.Interchange;
using Glia.Interchange.Tests.Onnx.Export;

namespace Glia.Cli.Tests.Commands;

/// <summary><c>glia predict</c> with ONNX models that no 'glia train' made gives what ONNX Runtime gives.</summary>
public sealed class PredictOnnxTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Arrays_GiveRowsOfCsv_Json_OrArrays()
    {
        var path = Conv(out var bytes);
        var images = Tensor.Normal(new Rng(1), (3, 1, 4, 4));
        var expected = OnnxRuntime.Run(bytes, ("input", images))["output"];
        NpzWriter.SaveArray(_workspace["one.npy"], images.To(DType.Float64));
        var named = new NpzWriter();
        named.Add("input", images);
        named.Add("label", Tensor.From<long>([1, 2, 3]));
        named.Save(_workspace["all.npz"]);

        var lines = Cli.Run("predict", path, _workspace["one.npy"]).Success().TrimEnd('\n').Split('\n');
        Assert.Equal("row,output[0],output[1]", lines[0]);
        Close(expected, lines[1..].SelectMany(l => l.Split(',')[1..]));
        Assert.Equal(string.Join('\n', lines) + "\n", Cli.Run("predict", path, _workspace["all.npz"]).Success());

        var json = JsonNode.Parse(Cli.Run("predict", path, _workspace["one.npy"], "--json").Success())!["output"]!.AsArray();
        Assert.Equal(3, json.Count);
        Close(expected, json.SelectMany(r => r!.AsArray()).Select(v => v!.ToJsonString()));

        foreach (var name in (string[])["r.npz", "r.safetensors", "output.npy"])
        {
            Assert.Equal("", Cli.Run("predict", path, _workspace["all.npz"], "--out", _workspace[name]).Success());
            using var file = WeightFile.Open(_workspace[name]);
            OnnxRuntime.Close(expected, file.ReadTensor("output"), name);
        }
    }

    [Fact]
    public void TableOfNumbers_IsTheInput_AsManyRowsAtATimeAsTheModelTakes()
    {
        var network = Network.Input(2).Dense(3).Build(seed: 2);
        var (free, pairs) = (_workspace["free.onnx"], _workspace["pairs.onnx"]);
        OnnxExport.Of(network).Save(free);
        OnnxExport.Of(network, new() { BatchName = null, FixedBatch = 2 }).Save(pairs);
        var table = _workspace.Write("t.csv", "a,b\n1,2\n3,4\n-1,0.5\n0,0\n");

        var text = Cli.Run("predict", free, table).Success();
        Close(network.Predict(Tensor.From([1f, 2, 3, 4, -1, 0.5f, 0, 0], (4, 2))), text.TrimEnd('\n').Split('\n')[1..].SelectMany(l => l.Split(',')[1..]));
        Assert.Equal(text, Cli.Run("predict", pairs, table).Success());
        Cli.Run("predict", pairs, _workspace.Write("odd.csv", "a,b\n1,2\n3,4\n5,6\n")).Fails($"glia: {_workspace["odd.csv"]} has 3 rows, but the model takes 2 at a time. Give a multiple of 2 rows.");
        Cli.Run("predict", free, _workspace.Write("texts.csv", "a,b\n1,x\n2,y\n")).Fails(
            $"glia: {_workspace["texts.csv"]}: column 'b' holds texts, but the model takes input Float (batch, 2). Give the numbers that it was trained on, in the same order.");
        Cli.Run("predict", free, _workspace.Write("wide.csv", "a,b,c\n1,2,3\n")).Fails($"glia: {free}: input 'input' expects (batch, 2) but got (1, 3).");
    }

    [Fact]
    public void Outputs_ArePrintedAsTheyAre()
    {
        var path = _workspace["types.onnx"];
        OnnxExport.Of(
            Network.Input(1).Dense(1).Build(), [new("x", 1, DType.Float64)],
            x => [x[0], x[0].To(DType.Float32), x[0].To(DType.Int64), x[0].To(DType.Int32), Tensor.GreaterOrEqual(x[0], Tensor.Scalar(0.0, DType.Float64))], ["double", "single", "long", "int", "there"]).Save(path);
        NpzWriter.SaveArray(_workspace["x.npy"], Tensor.From([12345678.9, -0.1], (2, 1)));

        Assert.Equal(
            "row,double,single,long,int,there\n1,12345678.9,12345679,12345678,12345678,true\n2,-0.1,-0.1,0,0,false\n",
            Cli.Run("predict", path, _workspace["x.npy"]).Success());
        var json = JsonNode.Parse(Cli.Run("predict", path, _workspace["x.npy"], "--json").Success())!;
        Assert.Equal(
            ["[[12345678.9],[-0.1]]", "[[12345679],[-0.1]]", "[[12345678],[0]]", "[[12345678],[0]]", "[[true],[false]]"],
            json.AsObject().Select(o => o.Value!.ToJsonString()));

        NpzWriter.SaveArray(_workspace["big.npy"], Tensor.From([double.NaN, 9007199254740994], (2, 1)));
        Assert.Contains("2,9007199254740994,9.007199E+15,9007199254740994,", Cli.Run("predict", path, _workspace["big.npy"]).Success(), StringComparison.Ordinal);
        Assert.Equal("[[null],[9007199254740994]]", JsonNode.Parse(Cli.Run("predict", path, _workspace["big.npy"], "--json").Success())!["double"]!.ToJsonString());
    }

    [Fact]
    public void WhatDoesNotFit_IsSaid()
    {
        var path = Conv(out _);
        NpzWriter.SaveArray(_workspace["flat.npy"], Tensor.Ones((2, 16)));
        NpzWriter.SaveArray(_workspace["good.npy"], Tensor.Ones((2, 1, 4, 4)));
        var others = new NpzWriter();
        others.Add("x", Tensor.Ones(1));
        others.Add("y", Tensor.Ones(1));
        others.Save(_workspace["others.npz"]);
        const string Takes = "It takes input Float (batch, 1, 4, 4): give the array as .npy or .npz, or go on training it with: glia train <data> --from";

        Cli.Run("predict", path, _workspace["flat.npy"]).Fails($"glia: {path}: input 'input' expects (batch, 1, 4, 4) but got (2, 16).");
        Cli.Run("predict", path, _workspace["others.npz"]).Fails($"glia: {_workspace["others.npz"]} holds no array 'input', but 'x', 'y'. {Takes} {path}");
        Cli.Run("predict", path, "iris").Fails($"glia: {path} is a model of another program, which does not say how 'iris' becomes its input. {Takes} {path}");
        Cli.Run("predict", path, _workspace["good.npy"], "--horizon", "3").Fails("glia: --horizon is for models of a time series, but this is none. Leave it out.");
        Assert.StartsWith($"glia: '{_workspace["none.npy"]}' is neither a file or folder nor a built-in data set.", Cli.Run("predict", path, _workspace["none.npy"]).Error, StringComparison.Ordinal);
    }

    private string Conv(out byte[] bytes)
    {
        var export = OnnxExport.Of(Network.Input(1, 4, 4).Conv2D(2, kernelSize: 3).ReLU().Flatten().Dense(2).Build(seed: 1));
        export.Save(_workspace["conv.onnx"]);
        bytes = export.ToArray();
        return _workspace["conv.onnx"];
    }

    private static void Close(Tensor expected, IEnumerable<string> numbers) =>
        OnnxRuntime.Close(expected, Tensor.From([.. numbers.Select(n => float.Parse(n, CultureInfo.InvariantCulture))], expected.Shape), "printed");
}
