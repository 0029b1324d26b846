using Glia.Layers;

namespace Glia.Interchange.Tests.Weights;

public sealed class ModuleWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static SequentialNetwork Mlp() => Network.Input(2).Dense(3, name: "a").ReLU().Dense(1, name: "b").Build(1);

    private string Write(params (string Name, Tensor Tensor)[] tensors)
    {
        ModuleWeights.Save(tensors.ToDictionary(t => t.Name, t => t.Tensor), _folder["w.safetensors"]);
        return _folder["w.safetensors"];
    }

    [Fact]
    public void EverythingThatDoesNotFit_IsListedAndNothingChanged()
    {
        var model = Mlp();
        var before = model.StateDict().ToDictionary(s => s.Key, s => s.Value.ToArray<float>());
        var path = Write(("a.weight", Tensor.Ones((2, 3))), ("a.bias", Tensor.Ones(3)), ("x", Tensor.Ones(4)), ("y", Tensor.Ones(5)), ("b.bias", Tensor.Zeros(1, DType.Int64)));
        var error = Assert.Throws<WeightFileException>(() => model.LoadWeights(path));
        Assert.Equal(
            $"{path}: it does not fit the model: missing 'b.weight' (1, 3); unexpected 'x' (4,); unexpected 'y' (5,); 'a.weight' expects (3, 2) but got (2, 3); "
            + "'b.bias' expects (1,) but got (1,) of another kind of numbers. Map names that differ (old=new), or allow what is meant (missing, unexpected, misshapen); nothing was loaded.",
            error.Message);
        Assert.All(model.StateDict(), s => Assert.Equal(before[s.Key], s.Value.ToArray<float>()));
    }

    [Fact]
    public void WhatIsAllowed_IsSkippedAndTold()
    {
        var model = Mlp();
        var path = Write(("a.weight", Tensor.Ones((2, 3))), ("a.bias", Tensor.Full(3, 7)), ("x", Tensor.Ones(4)));
        var result = model.LoadWeights(path, new() { AllowMissing = true, AllowUnexpected = true, AllowMisshapen = true });
        Assert.Equal(["a.bias"], result.Loaded.Select(l => l.Name));
        Assert.Equal(["b.bias", "b.weight"], result.Missing);
        Assert.Equal(["x"], result.Unexpected);
        Assert.Equal(["'a.weight' expects (3, 2) but got (2, 3)"], result.Misshapen);
        Assert.Equal([7, 7, 7], model.StateDict()["a.bias"].ToArray<float>());
        Assert.Contains("unexpected 'x'", Assert.Throws<WeightFileException>(() => model.LoadWeights(path, new() { AllowMissing = true, AllowMisshapen = true })).Message, StringComparison.Ordinal);
        Assert.Contains("missing 'b.bias'", Assert.Throws<WeightFileException>(() => model.LoadWeights(path, new() { AllowUnexpected = true, AllowMisshapen = true })).Message, StringComparison.Ordinal);
        Assert.Contains("expects (3, 2)", Assert.Throws<WeightFileException>(() => model.LoadWeights(path, new() { AllowUnexpected = true, AllowMissing = true })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FileOfWhichNothingFits_IsRefusedWhateverIsAllowed()
    {
        var path = Write(("x", Tensor.Ones(4)));
        var error = Assert.Throws<WeightFileException>(() => Mlp().LoadWeights(path, new() { AllowMissing = true, AllowUnexpected = true }));
        Assert.EndsWith("none of its 1 tensors fits a name of the model, such as 'a.bias'; nothing was loaded. Map names that differ (old=new).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MapThatFitsNothingOrMakesTwoOfOneName_IsRefused()
    {
        var path = Write(("x.weight", Tensor.Ones((3, 2))), ("y.weight", Tensor.Ones((3, 2))));
        Assert.Contains(
            "no tensor has a name that fits 'z.*' of the map; the names are 'x.weight', 'y.weight'.",
            Assert.Throws<WeightFileException>(() => Mlp().LoadWeights(path, new() { Map = new() { ["z.*"] = "a.*" } })).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "both 'x.weight' and 'y.weight' would be loaded as 'a.weight'",
            Assert.Throws<WeightFileException>(() => Mlp().LoadWeights(path, new() { Map = new() { ["x.*"] = "a.*", ["y.*"] = "a.*" } })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void KernelsOfKeras_AreTurned()
    {
        var model = Network.Input(2, 4, 4).Conv2D(3, (2, 1), name: "c").Flatten().Dense(2, name: "d").Build(1);
        var (conv, dense) = (model.StateDict()["c.weight"].Clone(), model.StateDict()["d.weight"].Clone());
        var path = Write(
            ("conv/kernel", conv.Permute(2, 3, 1, 0)), ("conv/bias", Tensor.Zeros(3)), ("dense/kernel", dense.Permute(1, 0)), ("dense/bias", Tensor.Zeros(2)), ("step", Tensor.Scalar(3)));
        model.Initialize(9);
        model.LoadWeights(path, new() { Map = WeightMap.Parse(["conv/kernel=c.weight^T", "dense/kernel=d.weight^T", "conv/*=c.*", "dense/*=d.*", "step="]) });
        Assert.Equal(conv.ToArray<float>(), model.StateDict()["c.weight"].ToArray<float>());
        Assert.Equal(dense.ToArray<float>(), model.StateDict()["d.weight"].ToArray<float>());
    }

    [Fact]
    public void SeveralParts_AreAskedFor()
    {
        var path = Write(("ema.a.bias", Tensor.Ones(3)), ("model.a.bias", Tensor.Full(3, 2)));
        var model = Mlp();
        model.LoadWeights(path, new() { Part = "model", AllowMissing = true });
        Assert.Equal([2, 2, 2], model.StateDict()["a.bias"].ToArray<float>());
        Assert.Contains("it has no part 'net'; its parts are 'ema', 'model'.", Assert.Throws<WeightFileException>(() => model.LoadWeights(path, new() { Part = "net" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Float64Model_TakesAndKeepsItsType()
    {
        var model = Network.Input(2).Add(new Dense(2, 1, dtype: DType.Float64)).Build(1);
        var path = Write(("dense1.weight", Tensor.From<double>([1e300, 2], (1, 2))), ("dense1.bias", Tensor.Full(1, 3)));
        model.LoadWeights(path);
        Assert.Equal([1e300, 2], model.StateDict()["dense1.weight"].ToArray<double>());
        Assert.Equal([3], model.StateDict()["dense1.bias"].ToArray<double>());
    }

    [Fact]
    public void Conversion_KeepsTypesAndBits()
    {
        using var kinds = WeightFile.Open(TestData.PathOf("kinds.pt"));
        kinds.Convert(_folder["k.safetensors"]);
        using var file = WeightFile.Open(_folder["k.safetensors"]);
        Assert.Equal(kinds.Entries.Select(e => e.ToString()).Order(StringComparer.Ordinal), file.Entries.Select(e => e.ToString()).Order(StringComparer.Ordinal));
        Assert.All(kinds.Entries, e => Assert.Equal(kinds.ReadBytes(e.Name), file.ReadBytes(e.Name)));
        kinds.Convert(_folder["k.npz"]);
        using var npz = WeightFile.Open(_folder["k.npz"]);
        Assert.Equal(SafetensorsDType.F32, npz.Entry("bf16").DType);
        Assert.Equal(SafetensorsDType.F16, npz.Entry("f16").DType);
        Assert.Equal(kinds.ReadSingles("transposed"), npz.ReadSingles("transposed"));
        Assert.StartsWith("'k.pt' ends in neither .safetensors nor .npz", Assert.Throws<ArgumentException>(() => kinds.Convert("k.pt")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Conversion_TurnsKernelsAndKeepsTheirTypes()
    {
        var half = new SafetensorsWriter();
        half.Add("k", Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }), SafetensorsDType.BF16);
        half.Add("n", Tensor.From([1, 2, 3, 4], (1, 4)));
        half.Add("b", Tensor.From<float>([7, 8]));
        half.Save(_folder["h.safetensors"]);
        using var source = WeightFile.Open(_folder["h.safetensors"]);
        var options = new WeightLoadOptions { Map = WeightMap.Parse(["k=w^T", "n=n^T", "b=b^T"]) };

        source.Convert(_folder["t.safetensors"], options);
        source.Convert(_folder["t.npz"], options);

        foreach (var (name, type) in new[] { ("t.safetensors", "BF16"), ("t.npz", "F32") })
        {
            using var file = WeightFile.Open(_folder[name]);
            Assert.Equal(["b F32[2]", "n I32[4, 1]", $"w {type}[3, 2]"], file.Entries.Select(e => e.ToString()).Order(StringComparer.Ordinal));
            Assert.Equal([1, 4, 2, 5, 3, 6], file.ReadSingles("w"));
            Assert.Equal([1, 2, 3, 4], file.ReadIntegers("n"));
            Assert.Equal([7, 8], file.ReadSingles("b"));
        }
    }

    [Fact]
    public void ConversionWithPyTorchNames_MergesBiases()
    {
        var path = Write(("r.weight_ih_l0", Tensor.Ones((2, 1))), ("r.weight_hh_l0", Tensor.Ones((2, 2))), ("r.bias_ih_l0", Tensor.Full(2, 3)), ("r.bias_hh_l0", Tensor.Full(2, 4)));
        using var source = WeightFile.Open(path);
        var written = source.Convert(_folder["r.npz"], new() { Names = WeightNames.PyTorch });
        using var file = WeightFile.Open(_folder["r.npz"]);
        Assert.Equal([7, 7], file.ReadSingles("r.bias"));
        Assert.Equal(["r.bias_ih_l0", "r.bias_hh_l0"], written.Single(w => w.Name == "r.bias").Sources);
    }

    [Theory]
    [InlineData("hello, this is a text", "it is no file of weights that Glia knows")]
    [InlineData("\x80\x04\x95", "it is a pickle of Python, but not a file of torch.save")]
    [InlineData("\x89HDF\r\n\x1a\n", "it is an HDF5 file")]
    [InlineData("", "it is no file of weights that Glia knows")]
    public void OtherFiles_AreRefusedByWhatTheyAre(string content, string expected)
    {
        File.WriteAllBytes(_folder["f"], System.Text.Encoding.Latin1.GetBytes(content));
        Assert.Contains(expected, Assert.Throws<WeightFileException>(() => WeightFile.Open(_folder["f"])).Message, StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Throws<WeightFileException>(() => WeightFile.Open(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => WeightFile.Open(_folder["none"]));
    }
}
