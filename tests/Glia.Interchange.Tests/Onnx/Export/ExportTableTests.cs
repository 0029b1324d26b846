using System.Reflection;
using Glia.Interchange.Onnx.Export;
using Glia.Layers;
using Glia.Tests.Layers;

namespace Glia.Interchange.Tests.Onnx.Export;

/// <summary>A new operation needs a row in the table of exports, or a reason to have none.</summary>
public class ExportTableTests
{
    // Operations that no trace shows: parts of what is traced as a whole, and gradients.
    private static readonly HashSet<string> NeverTraced = new(StringComparer.Ordinal)
    {
        "ConvolutionOperation", "ChannelBiasOperation", "MatMulOperation", "ReduceOperation", "WhereOperation", "SpreadOperation", "PoolMoveOperation",
        // An operation of the user's own is traced by its parts.
        "Node",
    };

    [Fact]
    public void EveryOperation_HasAnExport()
    {
        var types = typeof(Tensor).Assembly.GetTypes();
        var operation = types.Single(t => t.Name == "Operation");
        var fused = types.Single(t => t.Name == "FusedOperation");
        var formula = types.Single(t => t.Name == "IFormulaOperation");
        var exported = GraphExport.Exported.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var missing = types.Where(t => !t.IsAbstract && t.IsSubclassOf(operation) && !t.IsAssignableTo(formula) && !t.IsSubclassOf(fused))
            .Select(t => t.Name).Where(n => !exported.Contains(n) && !NeverTraced.Contains(n));
        Assert.Empty(missing);

        var call = types.Single(t => t.Name == "TracedCall");
        Assert.Subset(exported, types.Where(t => t.IsSubclassOf(call)).Select(t => t.Name).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryFusedOperation_IsExportedOrTracedByItsParts()
    {
        var types = typeof(Tensor).Assembly.GetTypes();
        var fused = types.Single(t => t.Name == "FusedOperation");
        var exported = GraphExport.Exported.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var type in types.Where(t => !t.IsAbstract && t.IsSubclassOf(fused)))
        {
            var isWhole = type.GetProperty("IsTracedWhole", BindingFlags.Instance | BindingFlags.NonPublic)!.DeclaringType == type;
            Assert.Equal(isWhole, exported.Contains(type.Name));
        }
    }

    [Fact]
    public void LayersOf64Bits_GiveTheSame_WhereOnnxRuntimeHasTheOperators()
    {
        // What ONNX Runtime has for 32-bit numbers only.
        HashSet<string> single = ["Conv", "ConvTranspose", "AveragePool", "Resize", "Erf"];
        var compared = 0;
        foreach (var (name, row) in LayerTable.Rows)
        {
            var layer = ExportLayerTests.Trained(row.Create(DType.Float64));
            DType? dtype = row.IndicesBelow is null ? DType.Float64 : null;
            if (OnnxExport.Of(layer, row.Sample, dtype ?? DType.Int64).ToModel().Nodes.Any(n => single.Contains(n.OpType) || (n.OpType == "Scan" && (layer is ConvLstm || name == "SimpleRnn of GELU"))))
                continue;
            ExportCheck.Holds($"{name} of 64 bits", layer, row.Sample, row.IndicesBelow, dtype: dtype, fewer: name == "PositionalEmbedding" ? 0 : 1);
            compared++;
        }
        Assert.True(compared >= 70, $"{compared} layers were compared");
    }
}
