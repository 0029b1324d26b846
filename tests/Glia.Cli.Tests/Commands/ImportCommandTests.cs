using System.Text.Json.Nodes;
using Glia.Interchange;

namespace Glia.Cli.Tests.Commands;

[Collection(TrainedModelsCollection.Name)]
public sealed class ImportCommandTests(TrainedModels models) : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    private string Model => Path.Combine(models.Iris, "model.safetensors");

    /// <summary>The trained weights as another program would have them: other names, a wrapper, a number beside them.</summary>
    private string OtherNames()
    {
        var state = ModelFile.Load(Model).Network.StateDict();
        var renamed = state.ToDictionary(s => $"net.{s.Key.Replace("dense", "fc", StringComparison.Ordinal)}", s => s.Value, StringComparer.Ordinal);
        ModuleWeights.Save(renamed, _workspace["other.npz"]);
        return _workspace["other.npz"];
    }

    private string Untrained()
    {
        var model = ModelFile.Load(Model);
        model.Network.Initialize(9);
        model.Save(_workspace["untrained.safetensors"]);
        return _workspace["untrained.safetensors"];
    }

    [Fact]
    public void WeightsOfAnotherProgram_MakeTheSameModel()
    {
        var (file, into, result) = (OtherNames(), Untrained(), _workspace["new.safetensors"]);
        Assert.NotEqual(File.ReadAllBytes(Model), File.ReadAllBytes(into));
        var text = Cli.Run("import", file, "--into", into, "--part", "net", "--map", "fc1.*=dense1.*", "--map", "fc2.*=dense2.*", "-o", result).Success();
        Assert.StartsWith($"{file}: npz, 6 tensors\n  dense1.bias = net.fc1.bias\n", text, StringComparison.Ordinal);
        Assert.EndsWith($"\n6 parameters of {into} were replaced; the model is {result}.\n", text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Model), File.ReadAllBytes(result));
        Assert.Equal(Cli.Run("evaluate", models.Iris, "iris").Success(), Cli.Run("evaluate", result, "iris").Success());
    }

    [Fact]
    public void WhatDoesNotFit_IsRefusedOrTold()
    {
        var (file, result) = (OtherNames(), _workspace["new.safetensors"]);
        string[] import = ["import", file, "--into", models.Iris, "--part", "net", "--map", "fc1.*=dense1.*", "-o", result];
        var refused = Cli.Run(import);
        Assert.Contains("it does not fit the model: missing 'dense2.bias' (32,); missing 'dense2.weight' (32, 64); unexpected 'fc2.bias' (32,); unexpected 'fc2.weight' (32, 64).", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, refused.ExitCode);
        Assert.False(File.Exists(result));
        Assert.Contains("unexpected 'fc2.bias'", Cli.Run([.. import, "--allow-missing"]).Error, StringComparison.Ordinal);

        var json = JsonNode.Parse(Cli.Run([.. import, "--allow-missing", "--allow-unexpected", "--json"]).Success())!;
        Assert.Equal(4, json["loaded"]!.AsArray().Count);
        Assert.Equal(["dense2.bias", "dense2.weight"], json["missing"]!.AsArray().Select(n => (string)n!));
        Assert.Equal(["net.fc2.bias", "net.fc2.weight"], json["unexpected"]!.AsArray().Select(n => (string)n!));
        Assert.True(File.Exists(result));
    }

    [Fact]
    public void WithoutAModel_TheFileIsConverted()
    {
        var file = OtherNames();
        Assert.Equal($"{file}: npz, 6 tensors; 6 were written to {_workspace["w.safetensors"]}.\n", Cli.Run("import", file, "--part", "net", "-o", _workspace["w.safetensors"]).Success());
        Assert.Contains("fc1.weight", Cli.Run("inspect", _workspace["w.safetensors"]).Success(), StringComparison.Ordinal);
        var json = JsonNode.Parse(Cli.Run("inspect", file, "--json").Success())!;
        Assert.Equal("npz", (string)json["format"]!);
        Assert.Equal("net.fc1.bias", (string)json["tensors"]![0]!["name"]!);
    }

    [Fact]
    public void WithoutAModel_KernelsAreTurned()
    {
        ModuleWeights.Save(new Dictionary<string, Tensor> { ["dense/kernel"] = Tensor.From(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } }) }, _workspace["keras.npz"]);
        Cli.Run("import", _workspace["keras.npz"], "--map", "dense/kernel=dense1.weight^T", "-o", _workspace["w.safetensors"]).Success();
        using var file = WeightFile.Open(_workspace["w.safetensors"]);
        Assert.Equal("dense1.weight F32[3, 2]", file.Entries.Single().ToString());
        Assert.Equal([1, 4, 2, 5, 3, 6], file.ReadSingles("dense1.weight"));
    }

    [Fact]
    public void OnnxFileThatWasExported_IsTheModelAgain()
    {
        Cli.Run("export", models.Iris, "-o", _workspace["iris.onnx"], "--with-preprocessing").Success();
        Assert.Contains("exported from a model of", Cli.Run("import", _workspace["iris.onnx"], "-o", _workspace["again.safetensors"]).Success(), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(Model), File.ReadAllBytes(_workspace["again.safetensors"]));
        // Its weights alone go into a model of the same shape, or a file of another format.
        Cli.Run("import", _workspace["iris.onnx"], "--into", models.Iris, "-o", _workspace["into.safetensors"], "--allow-unexpected").Success();
        Assert.Equal(Cli.Run("predict", models.Iris, "iris").Success(), Cli.Run("predict", _workspace["into.safetensors"], "iris").Success());
        Assert.Contains("tensors", Cli.Run("import", _workspace["iris.onnx"], "-o", _workspace["iris.npz"]).Success(), StringComparison.Ordinal);
    }

    [Fact]
    public void WrongArguments_AreRefused()
    {
        var file = OtherNames();
        Cli.Run("import", "no.pt", "-o", "x.npz").Fails("glia: there is no file 'no.pt'.");
        Cli.Run("import", file, "-o", "x.pt").Fails("glia: 'x.pt' ends in neither .safetensors nor .npz, so the format to write is not known. Choose a name that does, or give --into to make a model.");
        Cli.Run("import", file, "-o", "x.npz", "--allow-missing").Fails("glia: --allow-missing, --allow-unexpected and --allow-misshapen need a model to compare with: give --into.");
        Cli.Run("import", file, "-o", "x.npz", "--map", "abc").Fails("glia: --map: The rule 'abc' is not written as old=new, such as \"fc1.*=dense1.*\".");
        Assert.Contains("There is no model 'none'.", Cli.Run("import", file, "-o", "x.npz", "--into", "none").Error, StringComparison.Ordinal);
        Assert.Contains("it is no file of weights that Glia knows", Cli.Run("inspect", _workspace.Write("t.txt", "text")).Error, StringComparison.Ordinal);
        Assert.Contains("Option '--out' is required.", Cli.Run("import", file).Error, StringComparison.Ordinal);
    }
}
