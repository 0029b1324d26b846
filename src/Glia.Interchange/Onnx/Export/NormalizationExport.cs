using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Normalisations.</summary>
internal static class NormalizationExport
{
    public static void BatchNorm(NodeExport node) => node.Set(node.Emit("BatchNormalization", Attribute.Of("epsilon", ((BatchNormCall)node.What).Epsilon)));

    public static void LayerNorm(NodeExport node)
    {
        var (graph, call, x) = (node.Graph, (LayerNormCall)node.What, node.Value(0));
        var shape = x.First.Shape.From(x.Rank - call.Axes);
        if (!Enumerable.Range(x.Rank - call.Axes, call.Axes).All(x.IsFixed))
            throw new RefusedException("the axes to normalise over have free sizes. Export with fixed sizes");
        var isWhole = (!node.Has(1) || node.Value(1).First.Shape == shape) && (!node.Has(2) || node.Value(2).First.Shape == shape);
        var ones = isWhole && node.Has(1) ? node.Name(1) : graph.Constant(Tensor.Ones(shape, node.DType), $"ones {shape} {node.DType}");
        var y = graph.Node("LayerNormalization", [node.Name(0), ones, isWhole ? node.Name(2) : null], Attribute.Of("axis", -call.Axes), Attribute.Of("epsilon", call.Epsilon));
        if (!isWhole && node.Has(1))
            y = graph.Node("Mul", [y, node.Name(1)]);
        node.Set(!isWhole && node.Has(2) ? graph.Node("Add", [y, node.Name(2)]) : y);
    }

    /// <summary>Groups are channels of one axis, each normalised by InstanceNormalization; scale and shift are per channel and come after.</summary>
    public static void GroupNorm(NodeExport node)
    {
        var (graph, call, x) = (node.Graph, (GroupNormCall)node.What, node.Value(0));
        var name = node.Name(0)!;
        var channels = x.Size(1)[0];
        if (call.Groups == channels && x.Rank > 2 && node.DType == DType.Float32)
        {
            var (gamma, beta) = (node.Name(1) ?? Filled(1, channels), node.Name(2) ?? Filled(0, channels));
            node.Set(graph.Node("InstanceNormalization", [name, gamma, beta], Attribute.Of("epsilon", call.Epsilon)));
            return;
        }
        var grouped = graph.Node("Reshape", [name, graph.Int64(0, call.Groups, -1)]);
        var y = node.DType == DType.Float32
            ? graph.Node("InstanceNormalization", [grouped, Filled(1, call.Groups), Filled(0, call.Groups)], Attribute.Of("epsilon", call.Epsilon))
            : Normalized(graph, grouped, call.Epsilon, node.DType);
        y = graph.Node("Reshape", [y, graph.Node("Shape", [name])]);
        var perChannel = graph.Int64([channels, .. Enumerable.Repeat(1L, x.Rank - 2)]);
        if (node.Has(1))
            y = graph.Node("Mul", [y, graph.Node("Reshape", [node.Name(1), perChannel])]);
        if (node.Has(2))
            y = graph.Node("Add", [y, graph.Node("Reshape", [node.Name(2), perChannel])]);
        node.Set(y);

        string Filled(double value, int count) => graph.Constant(Tensor.Full(count, value, node.DType), $"full {value} {count} {node.DType}");
    }

    /// <summary>(x − mean) / √(variance + ε) over the last axis.</summary>
    private static string Normalized(GraphWriter graph, string x, double epsilon, DType dtype)
    {
        var centered = graph.Node("Sub", [x, ReductionExport.Reduced(graph, "ReduceMean", x, [2], keepDims: true)]);
        var variance = ReductionExport.Reduced(graph, "ReduceMean", graph.Node("Mul", [centered, centered]), [2], keepDims: true);
        return graph.Node("Div", [centered, graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Scalar(epsilon, dtype)])])]);
    }
}
