using Glia.Layers;
using Glia.Tests.Layers;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>Every layer, over the rows of the layer harness: a layer that is added there is exported here.</summary>
public class ExportLayerTests
{
    [Fact]
    public void EveryLayer_HasARow()
    {
        var tested = LayerTable.Rows.Values.Select(r => r.Create(DType.Float32).GetType()).ToHashSet();
        var layers = typeof(Layer).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract);
        Assert.Empty(layers.Where(t => !tested.Contains(t)).Select(t => t.Name));
    }

    [Theory]
    [MemberData(nameof(LayerTable.Names), MemberType = typeof(LayerTable))]
    public void Layer_InOnnxRuntime_GivesTheSame(string name)
    {
        var row = LayerTable.Rows[name];
        var layer = Trained(row.Create(DType.Float32));
        // The only layer with a largest number of steps.
        ExportCheck.Holds(name, layer, row.Sample, row.IndicesBelow, fewer: name == "PositionalEmbedding" ? 0 : 1);
    }

    [Theory]
    [InlineData(18)]
    [InlineData(20)]
    [InlineData(22)]
    public void LayersWithNewerOperators_GiveTheSame(int operatorSet)
    {
        foreach (var name in (string[])["GELU", "GELU by tanh", "Mish", "HardSwish", "GlobalAvgPool2D", "GroupNorm", "AvgPool2D inside", "TransformerEncoder", "Lstm projected", "UpSample2D bilinear", "MaxPool2D padded"])
        {
            var row = LayerTable.Rows[name];
            ExportCheck.Holds($"{name}, operators {operatorSet}", Trained(row.Create(DType.Float32)), row.Sample, row.IndicesBelow, new() { OperatorSet = operatorSet });
        }
    }

    /// <summary>Numbers that are not those of the start, where scales are 1 and shifts 0, so that a mistake shows.</summary>
    internal static T Trained<T>(T module)
        where T : Module
    {
        var rng = new Rng(11);
        foreach (var (name, tensor) in module.StateDict())
        {
            if (!tensor.DType.IsFloatingPoint())
                continue;
            var isPositive = name.EndsWith("running_var", StringComparison.Ordinal) || name.EndsWith("std", StringComparison.Ordinal);
            tensor.CopyFrom(isPositive
                ? Tensor.Uniform(rng.Split(name), tensor.Shape, 0.5, 2, tensor.DType)
                : Tensor.Normal(rng.Split(name), tensor.Shape, 0, 0.4, tensor.DType));
        }
        return module;
    }
}
