using Glia.Kernels;
using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Reductions over axes, and products.</summary>
internal static class ReductionExport
{
    public static void Reduce(NodeExport node)
    {
        var call = (ReduceCall)node.What;
        var op = call.Kind switch
        {
            Reduction.Sum => "ReduceSum",
            Reduction.Max => "ReduceMax",
            Reduction.Min => "ReduceMin",
            _ => "ReduceProd",
        };
        node.Set(Reduced(node.Graph, op, node.Name(0)!, Axes(node, call.Axes), call.KeepDims));
    }

    public static void Mean(NodeExport node)
    {
        var call = (MeanCall)node.What;
        node.Set(Reduced(node.Graph, "ReduceMean", node.Name(0)!, Axes(node, call.Axes), call.KeepDims));
    }

    public static void Variance(NodeExport node)
    {
        var (graph, call, x) = (node.Graph, (VarianceCall)node.What, node.Name(0)!);
        var axes = Axes(node, call.Axes);
        var centered = graph.Node("Sub", [x, Reduced(graph, "ReduceMean", x, axes, keepDims: true)]);
        var squares = graph.Node("Mul", [centered, centered]);
        if (call.Correction == 0)
        {
            node.Set(Reduced(graph, "ReduceMean", squares, axes, call.KeepDims));
            return;
        }
        var sum = Reduced(graph, "ReduceSum", squares, axes, call.KeepDims);
        string divisor;
        if (axes.All(a => node.Value(0).IsFixed(a)))
        {
            divisor = graph.Scalar(axes.Aggregate(1.0, (n, a) => n * node.Value(0).Size(a)[0]) - call.Correction, node.DType);
        }
        else
        {
            var sizes = graph.Node("Gather", [graph.Node("Shape", [x]), graph.Int64([.. axes.Select(a => (long)a)])]);
            var count = Reduced(graph, "ReduceProd", sizes, [0], keepDims: false);
            divisor = MovementExport.Cast(graph, graph.Node("Sub", [count, graph.Scalar(call.Correction, DType.Int64)]), node.DType);
        }
        node.Set(graph.Node("Div", [sum, divisor]));
    }

    public static void ArgExtreme(NodeExport node)
    {
        var call = (ArgExtremeCall)node.What;
        node.Set(node.Emit(call.Largest ? "ArgMax" : "ArgMin", Attribute.Of("axis", call.Axis), Attribute.Of("keepdims", call.KeepDims)));
    }

    public static void EmptyRows(NodeExport node) => node.Set(EmptyRowsOf(node.Graph, node.Name(0)!));

    /// <summary>True for rows of a mask that are true from end to end, (…, L, 1).</summary>
    public static string EmptyRowsOf(GraphWriter graph, string mask)
    {
        var numbers = MovementExport.Cast(graph, mask, DType.Float32);
        return MovementExport.Cast(graph, Reduced(graph, "ReduceMin", numbers, [-1], keepDims: true), DType.Bool);
    }

    public static void Softmax(NodeExport node) => node.Set(node.Emit(((SoftmaxOperation)node.What).IsLog ? "LogSoftmax" : "Softmax", Attribute.Of("axis", -1)));

    public static void MatMul(NodeExport node)
    {
        var call = (MatMulCall)node.What;
        var (a, b) = (Transposed(node, 0, call.TransposeA), Transposed(node, 1, call.TransposeB && node.Value(1).Rank > 1));
        node.Set(node.Graph.Node("MatMul", [a, b]));
    }

    /// <summary>A matrix is multiplied by Gemm, which takes the bias along; more axes by MatMul.</summary>
    public static void Dense(NodeExport node)
    {
        var graph = node.Graph;
        if (node.Value(0).Rank == 2)
        {
            node.Set(node.Emit("Gemm", Attribute.Of("transB", 1)));
            return;
        }
        var product = graph.Node("MatMul", [node.Name(0), Transposed(node, 1, transpose: true)]);
        node.Set(node.Has(2) ? graph.Node("Add", [product, node.Name(2)]) : product);
    }

    /// <summary>Axes went into the settings of the operators, and later became an input.</summary>
    public static string Reduced(GraphWriter graph, string op, string x, int[] axes, bool keepDims)
    {
        var since = op == "ReduceSum" ? 13 : 18;
        return graph.OperatorSet >= since
            ? graph.Node(op, [x, graph.Int64([.. axes.Select(a => (long)a)])], Attribute.Of("keepdims", keepDims))
            : graph.Node(op, [x], Attribute.Of("axes", axes), Attribute.Of("keepdims", keepDims));
    }

    private static int[] Axes(NodeExport node, int[] axes)
    {
        var rank = node.Value(0).Rank;
        return axes.Length == 0 ? [.. Enumerable.Range(0, rank)] : [.. axes.Select(a => a < 0 ? a + rank : a).Distinct().Order()];
    }

    private static string Transposed(NodeExport node, int operand, bool transpose)
    {
        var (name, rank) = (node.Name(operand)!, node.Value(operand).Rank);
        if (!transpose || rank < 2)
            return name;
        int[] order = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        return node.Graph.Once($"transpose {name}", () => node.Graph.Node("Transpose", [name], Attribute.Of("perm", order)));
    }
}
