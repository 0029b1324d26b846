using System.Text.Json.Nodes;
using Glia.Interchange;

namespace Glia.Cli.Tests.Commands;

public sealed class InspectCommandTests : IDisposable
{
    /// <summary>y = relu(x·wᵀ + b)·vᵀ + c, two hidden units.</summary>
    private const string Xor =
        "CAgSBGhhbmQ6swIKNwoBeAoNaGlkZGVuLndlaWdodAoLaGlkZGVuLmJpYXMSAWEiBEdlbW0qDQoGdHJhbnNCGAGgAQIKDAoBYRIBaCIEUmVsdQo3CgFoCg1vdXRwdXQud2VpZ2h0CgtvdXRwdXQuYmlhcxIBeSIER2VtbSoNCgZ0cmFuc0IYAaABAhIDeG9y"
        + "KicKAgICEAFCDWhpZGRlbi53ZWlnaHRKEAAAgD8AAIA/AACAPwAAgD8qHAoBAhABQgtoaWRkZW4uYmlhc0oIAAAAAAAAgL8qHwoCAQIQAUINb3V0cHV0LndlaWdodEoIAACAPwAAwL8qGAoBARABQgtvdXRwdXQuYmlhc0oEAACAPloUCgF4Eg8KDQgBEgkK"
        + "AxIBTgoCCAJiFAoBeRIPCg0IARIJCgMSAU4KAggBQgIQEQ==";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void OnnxFile_ShowsTensorsAndNodes()
    {
        var path = _workspace.Write("xor.onnx", Convert.FromBase64String(Xor));

        var text = Cli.Run("inspect", path).Success();

        Assert.StartsWith($"{path}: ONNX, 4 tensors, 36 bytes\n", text, StringComparison.Ordinal);
        Assert.Contains("hidden.weight", text, StringComparison.Ordinal);
        Assert.Contains("  a = Gemm(x, hidden.weight, hidden.bias) {transB 1}\n", text, StringComparison.Ordinal);
        Assert.Contains("  takes x Float (N, 2)\n", text, StringComparison.Ordinal);
        Assert.Contains("  gives y Float (N, 1)\n", text, StringComparison.Ordinal);
        var json = JsonNode.Parse(Cli.Run("inspect", path, "--json").Success())!;
        Assert.Equal(4, json["tensors"]!.AsArray().Count);
        Assert.Equal("(N, 2)", (string?)json["inputs"]![0]!["shape"]);
        Assert.Equal("y", (string?)json["outputs"]![0]!["name"]);
    }

    [Fact]
    public void SafetensorsFile_ShowsTensorsAndTexts()
    {
        var writer = new SafetensorsWriter();
        writer.Add("w", Tensor.Ones((2, 3)));
        writer.AddMetadata("who", "me");
        writer.Save(_workspace["a.safetensors"]);

        var text = Cli.Run("inspect", _workspace["a.safetensors"]).Success();

        Assert.Contains("safetensors, 1 tensors, 24 bytes", text, StringComparison.Ordinal);
        Assert.Contains("  who: me\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_ShowsTheShapesOfAnOnnxModel()
    {
        var path = _workspace.Write("xor.onnx", Convert.FromBase64String(Xor));

        var text = Cli.Run("summary", path).Success();

        Assert.Contains("(N, 2)", text, StringComparison.Ordinal);
        Assert.Contains("total 9 parameters", text, StringComparison.Ordinal);
        Assert.Equal(9, (int)JsonNode.Parse(Cli.Run("summary", path, "--json").Success())!["parameters"]!);
    }

    [Fact]
    public void DamagedAndMissingFiles_AreRefused()
    {
        var bytes = Convert.FromBase64String(Xor);
        Assert.Contains("the file is damaged or not in the ONNX format", Cli.Run("inspect", _workspace.Write("cut.onnx", bytes[..100])).Error, StringComparison.Ordinal);
        Cli.Run("inspect", "no.onnx").Fails("glia: there is no file 'no.onnx'.");
    }
}
