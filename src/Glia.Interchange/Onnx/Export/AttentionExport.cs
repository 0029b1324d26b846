using Glia.Ops;
using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Attention and what belongs to it, in primitive operators; masks and positions follow the length of the sequence.</summary>
internal static class AttentionExport
{
    public static void Attention(NodeExport node)
    {
        var graph = node.Graph;
        var sizes = ((AttentionOperation)node.What).Sizes;
        string q, k, v;
        if (sizes.Packed)
        {
            var parts = graph.Nodes("Split", 3, [node.Name(0), graph.Int64(sizes.OffsetK, sizes.OffsetV - sizes.OffsetK, sizes.StepY)], Attribute.Of("axis", 2));
            (q, k, v) = (parts[0], parts[1], parts[2]);
        }
        else
        {
            (q, k, v) = (node.Name(0)!, node.Name(1)!, node.Name(2)!);
        }
        int[] headsFirst = [0, 2, 1, 3];
        var scaled = graph.Node("Mul", [Heads(q, sizes.Features, headsFirst), graph.Scalar(sizes.Scale, node.DType)]);
        var scores = graph.Node("MatMul", [scaled, Heads(k, sizes.Features, [0, 2, 3, 1])]);
        var operands = sizes.Packed ? 1 : 3;
        string? forbidden = node.Inputs > operands ? node.Name(operands) : null, empty = null;
        if (forbidden is not null)
            empty = ReductionExport.EmptyRowsOf(graph, sizes.Causal ? forbidden = graph.Node("Or", [forbidden, Causal()]) : forbidden);
        else if (sizes.Causal)
            forbidden = Causal();
        if (forbidden is not null)
            scores = graph.Node("Where", [forbidden, graph.Scalar(double.NegativeInfinity, node.DType), scores]);
        var weights = graph.Node("Softmax", [scores], Attribute.Of("axis", -1));
        if (empty is not null)
            weights = graph.Node("Where", [empty, graph.Scalar(0, node.DType), weights]);
        var mixed = graph.Node("Transpose", [graph.Node("MatMul", [weights, Heads(v, sizes.Values, headsFirst)])], Attribute.Of("perm", headsFirst));
        node.Set(graph.Node("Reshape", [mixed, graph.Int64(0, 0, sizes.StepY)]));

        string Heads(string x, int features, int[] order) =>
            graph.Node("Transpose", [graph.Node("Reshape", [x, graph.Int64(0, 0, sizes.Heads, features)])], Attribute.Of("perm", order));

        string Causal()
        {
            AttentionOperation[] all = [.. node.All<AttentionOperation>()];
            return CausalMask(node, [.. all.Select(o => o.Sizes.Queries)], [.. all.Select(o => o.Sizes.Keys)], [.. Enumerable.Range(0, operands).Select(i => (node.Value(i), node.Name(i)!))]);
        }
    }

    public static void CausalMask(NodeExport node) => node.Set(CausalMask(node, node.Output().Size(0), node.Output().Size(1), []));

    /// <summary>(time, features): the sine of time times frequency, moved by a quarter where it is the cosine; in 64-bit numbers, as the layer does it.</summary>
    public static void PositionTable(NodeExport node)
    {
        var graph = node.Graph;
        var call = (PositionTableCall)node.What;
        var times = node.Output().Size(0);
        if (AlignedValue.IsSame(times))
        {
            node.Set(graph.Constant(call.Compute([])));
            return;
        }
        var positions = MovementExport.Cast(graph, Column(graph, node.Sizes.Find(graph, times)), DType.Float64);
        var frequencies = new double[call.Features];
        var quarters = new double[call.Features];
        for (var i = 0; i < call.Features; i++)
            (frequencies[i], quarters[i]) = (Math.Pow(10_000, -(double)(i - (i % 2)) / call.Features), i % 2 * Math.PI / 2);
        var angles = graph.Node("Add", [graph.Node("Mul", [positions, graph.Constant(Tensor.From(frequencies))]), graph.Constant(Tensor.From(quarters))]);
        node.Set(MovementExport.Cast(graph, graph.Node("Sin", [angles]), node.DType));
    }

    /// <summary>True where the number of the key is above that of the query.</summary>
    private static string CausalMask(NodeExport node, int[] queries, int[] keys, (AlignedValue Value, string Name)[] near)
    {
        var graph = node.Graph;
        var (rows, columns) = (node.Sizes.Find(graph, queries, near), node.Sizes.Find(graph, keys, near));
        return graph.Once($"causal {rows} {columns}", () =>
        {
            var row = graph.Node("Unsqueeze", [Range(graph, columns), graph.Int64(0)]);
            return graph.Node("Greater", [row, Column(graph, rows)]);
        });
    }

    private static string Column(GraphWriter graph, string count) => graph.Node("Unsqueeze", [Range(graph, count), graph.Int64(1)]);

    private static string Range(GraphWriter graph, string count)
    {
        var limit = graph.Node("Squeeze", [count, graph.Int64(0)]);
        return graph.Node("Range", [graph.Scalar(0, DType.Int64), limit, graph.Scalar(1, DType.Int64)]);
    }
}
