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
        // The operator computes mean and variance in 32-bit numbers.
        var isSingle = node.DType == DType.Float32;
        var isWhole = isSingle && (!node.Has(1) || node.Value(1).First.Shape == shape) && (!node.Has(2) || node.Value(2).First.Shape == shape);
        var y = isSingle
            ? graph.Node("LayerNormalization", [node.Name(0), Scale(), isWhole ? node.Name(2) : null], Attribute.Of("axis", -call.Axes), Attribute.Of("epsilon", call.Epsilon))
            : Normalized(graph, node.Name(0)!, [.. Enumerable.Range(x.Rank - call.Axes, call.Axes)], call.Epsilon, node.DType);
        if (!isWhole && node.Has(1))
            y = graph.Node("Mul", [y, node.Name(1)]);
        node.Set(!isWhole && node.Has(2) ? graph.Node("Add", [y, node.Name(2)]) : y);

        string? Scale() => isWhole && node.Has(1) ? node.Name(1) : graph.Constant(Tensor.Ones(shape, node.DType), $"ones {shape} {node.DType}");
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
            : Normalized(graph, grouped, [2], call.Epsilon, node.DType);
        y = graph.Node("Reshape", [y, graph.Node("Shape", [name])]);
        var perChannel = graph.Int64([channels, .. Enumerable.Repeat(1L, x.Rank - 2)]);
        if (node.Has(1))
            y = graph.Node("Mul", [y, graph.Node("Reshape", [node.Name(1), perChannel])]);
        if (node.Has(2))
            y = graph.Node("Add", [y, graph.Node("Reshape", [node.Name(2), perChannel])]);
        node.Set(y);

        string Filled(double value, int count) => graph.Constant(Tensor.Full(count, value, node.DType), $"full {value} {count} {node.DType}");
    }

    /// <summary>(x − mean) / √(variance + ε) over some axes.</summary>
    private static string Normalized(GraphWriter graph, string x, int[] axes, double epsilon, DType dtype)
    {
        var centered = graph.Node("Sub", [x, ReductionExport.Reduced(graph, "ReduceMean", x, axes, keepDims: true)]);
        var variance = ReductionExport.Reduced(graph, "ReduceMean", graph.Node("Mul", [centered, centered]), axes, keepDims: true);
        return graph.Node("Div", [centered, graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Scalar(epsilon, dtype)])])]);
    }
}
