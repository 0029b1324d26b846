using System.Globalization;
using System.Text.Json;
using Glia.Data;
using Glia.Interchange;
using Glia.Interchange.Tests.Onnx.Export;

namespace Glia.Cli.Tests.Commands;

/// <summary>What <c>glia export</c> writes gives, in ONNX Runtime, what <c>glia predict</c> says.</summary>
[Collection(TrainedModelsCollection.Name)]
public sealed class ExportCommandTests(TrainedModels models) : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Network_TakesItsOwnInput_AndKeepsTheModel()
    {
        var file = _workspace["iris.onnx"];
        var text = Cli.Run("export", models.Iris, "-o", file).Success();
        Assert.Equal($"{file}: ONNX, {new FileInfo(file).Length.ToString("N0", CultureInfo.InvariantCulture)} bytes\n  takes input Float (batch, 4)\n  gives output Float (batch, 3)\n", text);

        var model = ModelFile.Load(Path.Combine(models.Iris, "model.safetensors"));
        var x = Tensor.Normal(new Rng(1), (5, 4));
        OnnxRuntime.Close(model.Network.Predict(x), OnnxRuntime.Run(File.ReadAllBytes(file), ("input", x))["output"], "iris");
        Assert.Equal("""["setosa","versicolor","virginica"]""", OnnxModel.Load(file).Metadata["labels"]);

        // The file is still the model, for the program too, and becomes a safetensors file again.
        Assert.Equal(Cli.Run("predict", models.Iris, "iris").Success(), Cli.Run("predict", file, "iris").Success());
        Cli.Run("export", file, "--out", _workspace["again.safetensors"]).Success();
        Assert.Equal(Cli.Run("predict", models.Iris, "iris").Success(), Cli.Run("predict", _workspace["again.safetensors"], "iris").Success());
    }

    [Fact]
    public void Table_WithPreprocessing_TakesColumnsAndGivesClasses()
    {
        var bytes = Export(models.Iris);
        var table = BuiltInDatasets.Load("iris");
        string[] names = ["sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm"];
        var got = OnnxRuntime.Run(bytes, [.. names.Select(n => (n, Column(table[n].Numbers.ToArray())))]);

        var classes = JsonSerializer.Deserialize<string[]>(OnnxModel.Read(bytes).Metadata["labels"])!;
        var rows = Predictions(models.Iris, "iris");
        Assert.Equal(rows.Select(r => r[1]), got["label"].ToArray<long>().Select(i => classes[i]));
        Assert.Equal(rows.Select(r => Number(r[2])), got["probabilities"].ToArray<float>().Chunk(3).Select(p => (double)p.Max()), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Regression_WithPreprocessing_IsInTheUsersUnits()
    {
        var table = BuiltInDatasets.Load("diabetes");
        var bytes = Export(models.Diabetes);
        var inputs = OnnxModel.Read(bytes).Inputs.Select(i => (i.Name, Column(table[i.Name].Numbers.ToArray()))).ToArray();
        var got = OnnxRuntime.Run(bytes, inputs)["prediction"].ToArray<float>();
        Assert.Equal(Predictions(models.Diabetes, "diabetes").Select(r => Number(r[1])), got.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-3 * Math.Abs(a));
    }

    [Fact]
    public void CategoriesAndMissingValues_WithPreprocessing_GiveTheSame()
    {
        var rows = Enumerable.Range(0, 40).Select(i => $"{(i % 7 == 0 ? "" : (i * 0.7).ToString(CultureInfo.InvariantCulture))},{(i % 9 == 4 ? "" : new[] { "red", "green", "blue" }[i % 3])},{i}");
        var data = _workspace.Write("mix.csv", "size,colour,price\n" + string.Join('\n', rows) + "\n");
        Cli.Run("train", data, "--target", "price", "--epochs", "3", "--out", _workspace["mix"]).Success();
        var bytes = Export(_workspace["mix"]);

        using var json = JsonDocument.Parse(OnnxModel.Read(bytes).Metadata["inputs"]);
        var categories = json.RootElement[1].GetProperty("categories").EnumerateArray().Select(c => c.GetString()!).ToList();
        var fresh = _workspace.Write("fresh.csv", "size,colour\n3.5,red\n,blue\n10,\n2,violet\n7.25,green\n");
        var codes = new[] { "red", "blue", null, "violet", "green" }.Select(c => c is null ? categories.Count : (long)categories.IndexOf(c)).ToArray();
        var got = OnnxRuntime.Run(bytes, ("size", Column([3.5, double.NaN, 10, 2, 7.25])), ("colour", Tensor.From(codes, (5, 1))))["prediction"].ToArray<float>();
        Assert.Equal(Predictions(_workspace["mix"], fresh).Select(r => Number(r[1])), got.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-4 * (1 + Math.Abs(a)));
    }

    [Fact]
    public void NumbersThatNeed64Bits_WithPreprocessing_AreGivenSo()
    {
        double[] times = [.. Enumerable.Range(0, 40).Select(i => 1.7e9 + (i * 300) + (i % 7))];
        var data = _workspace.Write("log.csv", "time,size,price\n" + string.Concat(times.Select((t, i) => string.Create(CultureInfo.InvariantCulture, $"{t},{i % 5},{i * i}\n"))));
        Cli.Run("train", data, "--target", "price", "--epochs", "20", "--out", _workspace["log"]).Success();
        var bytes = Export(_workspace["log"]);

        Assert.Equal(["time Double (batch, 1)", "size Float (batch, 1)"], OnnxModel.Read(bytes).Inputs.Select(i => i.ToString()));
        var got = OnnxRuntime.Run(bytes, ("time", Tensor.From(times, (40, 1))), ("size", Column([.. times.Select((_, i) => (double)(i % 5))])))["prediction"].ToArray<float>();
        Assert.Equal(Predictions(_workspace["log"], data).Select(r => Number(r[1])), got.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-5 * (1 + Math.Abs(a)));
    }

    [Fact]
    public void SeriesThatNeeds64Bits_WithPreprocessing_IsGivenSo()
    {
        var data = _workspace.Write("level.csv", "value\n" + string.Concat(Enumerable.Range(0, 300).Select(i => string.Create(CultureInfo.InvariantCulture, $"{1e9 + (100 * Math.Sin(i / 5.0))}\n"))));
        Cli.Run("train", data, "--series", "value", "--steps", "3", "--out", _workspace["level"]).Success();
        Assert.StartsWith("values Double (batch, ", OnnxModel.Read(Export(_workspace["level"])).Inputs[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ExportOfAnExport_SaysNothingOfTheFirst()
    {
        var first = _workspace["first.onnx"];
        Cli.Run("export", models.Iris, "-o", first, "--with-preprocessing").Success();
        Cli.Run("export", first, "-o", _workspace["second.onnx"]).Success();
        Assert.Contains("inputs", OnnxModel.Load(first).Metadata.Keys);
        Assert.DoesNotContain("inputs", OnnxModel.Load(_workspace["second.onnx"]).Metadata.Keys);
    }

    [Fact]
    public void Images_WithPreprocessing_TakePixels()
    {
        var bytes = Export(models.Digits);
        var model = ModelFile.Load(Path.Combine(models.Digits, "model.safetensors"));
        var images = ImagePreprocessing.FromJson(model.Metadata["glia.images"]);
        int[] pixels = [.. Enumerable.Range(0, 3 * 64).Select(i => i * 37 % 256)];
        var floats = Array.ConvertAll(pixels, p => p / 255f);
        for (var i = 0; i < 3; i++)
            images.Normalize(floats.AsSpan(i * 64, 64));

        var got = OnnxRuntime.Run(bytes, ("pixels", Tensor.From(pixels, new Shape(3, 1, 8, 8))));

        var expected = model.Network.Predict(Tensor.From(floats, new Shape(3, 1, 8, 8))).Softmax();
        OnnxRuntime.Close(expected, got["probabilities"], "digits");
        Assert.Equal(expected.ArgMax().ToArray<long>(), got["label"].ToArray<long>());
    }

    [Fact]
    public void Series_WithPreprocessing_TakesValuesAndForecasts()
    {
        Cli.Run("train", "co2", "--steps", "3", "--out", _workspace["co2"]).Success();
        var bytes = Export(_workspace["co2"]);
        var values = BuiltInDatasets.Load("co2")["value"].Numbers.ToArray();
        var lookback = (int)OnnxModel.Read(bytes).Inputs[0].Sizes![1].Size!.Value;
        var window = Tensor.From(Array.ConvertAll(values[^lookback..], v => (float)v), (1, lookback));
        var got = OnnxRuntime.Run(bytes, ("values", window))["forecast"].ToArray<float>();
        Assert.Equal(Predictions(_workspace["co2"], "co2").Select(r => Number(r[1])), got.Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-5 * Math.Abs(a));
    }

    [Fact]
    public void Perceptron_WithPreprocessing_GivesDistanceAndClass()
    {
        Cli.Run("train", "two-clusters", "--family", "perceptron", "--out", _workspace["line"]).Success();
        var table = BuiltInDatasets.Load("two-clusters");
        var bytes = Export(_workspace["line"]);
        var got = OnnxRuntime.Run(bytes, ("x", Column(table["x"].Numbers.ToArray())), ("y", Column(table["y"].Numbers.ToArray())));
        var classes = JsonSerializer.Deserialize<string[]>(OnnxModel.Read(bytes).Metadata["labels"])!;
        var rows = Predictions(_workspace["line"], "two-clusters");
        Assert.Equal(rows.Select(r => r[1]), got["label"].ToArray<long>().Select(i => classes[i]));
        Assert.Equal(rows.Select(r => Number(r[2])), got["distance"].ToArray<float>().Select(d => (double)d), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Text_HasAFreeLength()
    {
        var book = _workspace.Write("book.txt", string.Concat(Enumerable.Repeat("the quick brown fox jumps over the lazy dog. ", 40)));
        Cli.Run("train", book, "--steps", "2", "--family", "transformer", "--out", _workspace["book"]).Success();
        var bytes = Export(_workspace["book"]);
        Assert.Equal("characters Int64 (batch, sequence)", OnnxModel.Read(bytes).Inputs[0].ToString());
        var x = Tensor.From([.. Enumerable.Range(0, 14).Select(i => (long)(i % 5))], (2, 7));
        var expected = ModelFile.Load(Path.Combine(_workspace["book"], "model.safetensors")).Network.Predict(x).Softmax();
        OnnxRuntime.Close(expected, OnnxRuntime.Run(bytes, ("characters", x))["probabilities"], "book");
    }

    [Fact]
    public void Safetensors_IsTheModelOrItsWeightsAlone()
    {
        Cli.Run("export", models.Iris, "-o", _workspace["copy.safetensors"]).Success();
        Assert.Equal(File.ReadAllBytes(Path.Combine(models.Iris, "model.safetensors")), File.ReadAllBytes(_workspace["copy.safetensors"]));
        Cli.Run("export", models.Iris, "-o", _workspace["weights.safetensors"], "--weights-only").Success();
        using var weights = SafetensorsFile.Open(_workspace["weights.safetensors"]);
        Assert.Empty(weights.Metadata);
        Assert.NotEmpty(weights.Entries);
    }

    [Fact]
    public void NumPy_HoldsTheWeights_AndPyTorchNamesThem()
    {
        Cli.Run("export", models.Iris, "-o", _workspace["iris.npz"]).Success();
        using (var weights = WeightFile.Open(_workspace["iris.npz"]))
        {
            var state = ModelFile.Load(Path.Combine(models.Iris, "model.safetensors")).Network.StateDict();
            Assert.Equal(state.Keys, weights.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
            Assert.All(state, t => Assert.Equal(t.Value.ToArray<float>(), weights.ReadTensor(t.Key).ToArray<float>()));
        }
        new ModelFile(Network.Sequence(5, 2).Lstm(3, name: "rnn").Dense(1, name: "fc").Build(seed: 1)).Save(_workspace["lstm.safetensors"]);
        Cli.Run("export", _workspace["lstm.safetensors"], "-o", _workspace["torch.safetensors"], "--weights-only", "--pytorch-names").Success();
        using var torch = WeightFile.Open(_workspace["torch.safetensors"]);
        Assert.Equal(["fc.bias", "fc.weight", "rnn.bias_hh_l0", "rnn.bias_ih_l0", "rnn.weight_hh_l0", "rnn.weight_ih_l0"], torch.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        Cli.Run("export", models.Iris, "-o", _workspace["a.safetensors"], "--pytorch-names").Fails("glia: --pytorch-names is for weights, since a model file has Glia's names. Add --weights-only.");
    }

    [Fact]
    public void Json_SaysWhatTheFileTakesAndGives()
    {
        using var json = JsonDocument.Parse(Cli.Run("export", models.Digits, "-o", _workspace["d.onnx"], "--opset", "20", "--json").Success());
        Assert.Equal("ONNX", json.RootElement.GetProperty("format").GetString());
        Assert.Equal(20, json.RootElement.GetProperty("operators").GetInt32());
        Assert.Equal("(batch, 1, 8, 8)", json.RootElement.GetProperty("inputs")[0].GetProperty("shape").GetString());
        Assert.Equal(new FileInfo(_workspace["d.onnx"]).Length, json.RootElement.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public void WrongRequests_AreRefused_AndNothingIsWritten()
    {
        _workspace.Write("empty/readme.txt", "nothing");
        var own = Path.Combine(models.Iris, "model.safetensors");
        var before = _workspace.Snapshot();
        Cli.Run("export", models.Iris).Fails($"glia: there is no file to write. Give one, such as: glia export {models.Iris} -o model.onnx");
        Cli.Run("export", models.Iris, "-o", "model.pt").Fails("glia: 'model.pt' does not say which format to write. Give a name that ends in .onnx or .safetensors or .npz.");
        Cli.Run("export", models.Iris, "-o", "iris").Fails("glia: 'iris' does not say which format to write. Give a name that ends in .onnx or .safetensors or .npz.");
        Cli.Run("export", "no-such-model", "-o", _workspace["a.onnx"]).Fails("glia: There is no model 'no-such-model'. Give a run folder made by 'glia train', or a model file.");
        Cli.Run("export", _workspace["empty"], "-o", _workspace["a.onnx"])
            .Fails($"glia: The folder '{_workspace["empty"]}' holds no model.safetensors. Give a run folder made by 'glia train', or a model file.");
        Cli.Run("export", models.Iris, "-o", _workspace["a.onnx"], "--opset", "23").Fails("glia: --opset must be from 17 to 22 but is 23.");
        Cli.Run("export", models.Iris, "-o", _workspace["a.onnx"], "--weights-only").Fails("glia: --weights-only is not for ONNX. Leave it out, or write another format.");
        Cli.Run("export", models.Iris, "-o", _workspace["a.safetensors"], "--with-preprocessing").Fails("glia: --with-preprocessing is not for safetensors. Leave it out, or write another format.");
        Cli.Run("export", own, "-o", own, "--weights-only").Fails($"glia: '{own}' is the model itself. Give another name.");
        Assert.Equal(2, Cli.Run("export", models.Iris, "-o", _workspace["a.onnx"], "--opset", "16").ExitCode);
        Assert.Equal(2, Cli.Run("export", models.Iris, "-o", _workspace["empty/readme.txt/a.onnx"]).ExitCode);
        Assert.Equal(2, Cli.Run("export", _workspace["empty/readme.txt"], "-o", _workspace["a.onnx"]).ExitCode);
        Assert.Equal(before, _workspace.Snapshot());
    }

    private byte[] Export(string model)
    {
        Cli.Run("export", model, "-o", _workspace["out.onnx"], "--with-preprocessing").Success();
        return File.ReadAllBytes(_workspace["out.onnx"]);
    }

    private static string[][] Predictions(string model, string data) =>
        [.. Cli.Run("predict", model, data).Success().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(','))];

    private static Tensor Column(double[] numbers) => Tensor.From(Array.ConvertAll(numbers, n => (float)n), (numbers.Length, 1));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
