using Glia.Interchange;
using Glia.Layers;

namespace Glia.Fuzz;

/// <summary>Small models in files.</summary>
internal static class ModelSeeds
{
    public static IEnumerable<byte[]> Networks() =>
    [
        Save(Network.Input(1, 4, 4).Conv2D(2, kernelSize: 3, padding: 1).BatchNorm().ReLU().MaxPool2D(2).Flatten().Dropout(0.1).Dense(2).Build(seed: 0)),
        Save(Network.Input(3, 2).Lstm(2).Dense(1).Build(seed: 0)),
    ];

    public static IEnumerable<byte[]> Weights() =>
        TargetTable.All.Where(t => t.Name is "safetensors" or "numpy" or "pytorch" or "onnx").SelectMany(t => t.AllSeeds()).Where(s => s.Length < 3000);

    /// <summary>The models of docs/onnx.md, and networks whose parts become one another's when a predictor is made.</summary>
    public static IEnumerable<byte[]> Onnx() =>
    [
        Convert.FromBase64String(
            "CAgSBGhhbmQ6swIKNwoBeAoNaGlkZGVuLndlaWdodAoLaGlkZGVuLmJpYXMSAWEiBEdlbW0qDQoGdHJhbnNCGAGgAQIKDAoBYRIBaCIEUmVsdQo3CgFoCg1vdXRwdXQud2VpZ2h0CgtvdXRwdXQuYmlhcxIBeSIER2VtbSoNCgZ0cmFuc0IYAaABAhIDeG9y" +
            "KicKAgICEAFCDWhpZGRlbi53ZWlnaHRKEAAAgD8AAIA/AACAPwAAgD8qHAoBAhABQgtoaWRkZW4uYmlhc0oIAAAAAAAAgL8qHwoCAQIQAUINb3V0cHV0LndlaWdodEoIAACAPwAAwL8qGAoBARABQgtvdXRwdXQuYmlhc0oEAACAPloUCgF4Eg8KDQgBEgkK" +
            "AxIBTgoCCAJiFAoBeRIPCg0IARIJCgMSAU4KAggBQgIQEQ=="),
        OnnxExport.Of(Network.Input(1, 4, 4).Conv2D(2, kernelSize: 3, padding: 1).BatchNorm().ReLU().AvgPool2D(2).Flatten().Dense(2).Build(seed: 0)).ToArray(),
        OnnxExport.Of(Network.Input(3, 2).Gru(2).LayerNorm().GELU().Dense(1).Build(seed: 0)).ToArray(),
        OnnxExport.Of(Network.Input(3, 2).Lstm(2).Dense(1).Build(seed: 0), new() { OperatorSet = 21 }).ToArray(),
    ];

    private static byte[] Save(SequentialNetwork network)
    {
        var path = Path.GetTempFileName();
        new ModelFile(network).Save(path);
        var bytes = File.ReadAllBytes(path);
        File.Delete(path);
        return bytes;
    }
}
