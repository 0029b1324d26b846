using Glia.Interchange.Onnx.Operators;
using Glia.Kernels;
using Glia.Layers;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>
/// Computes beforehand what depends on constants alone. A file of a kilobyte could ask for gigabytes that way, so operators whose result may be much larger than their inputs are left
/// for the run, and the rest has a budget.
/// </summary>
internal static class ConstantFolding
{
    private const long SmallestBudget = 1 << 18;
    private const int BytesPerElement = 32;

    public static void Run(Graph graph)
    {
        var budget = SmallestBudget + (4 * graph.Constants.Values.Sum(v => (long)v.Tensor.Count));
        var kept = new List<Node>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            if (!TryFold(graph, node, ref budget))
                kept.Add(node);
        }
        graph.Nodes.Clear();
        graph.Nodes.AddRange(kept);
    }

    private static bool TryFold(Graph graph, Node node, ref long budget)
    {
        if (node.Operator.Has(OperatorTraits.Varies) || node.Operator.Has(OperatorTraits.Grows) || node.Attributes.Graphs.Any())
            return false;
        var inputs = new Value?[node.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (node.Inputs[i].Length == 0)
                continue;
            if (!graph.Constants.TryGetValue(node.Inputs[i], out var value) || !value.IsKnown)
                return false;
            inputs[i] = value;
        }
        var most = LargestResult(node, inputs);
        if (most > budget)
            return false;
        budget -= most;
        try
        {
            // Intermediate results are larger than the last one at times.
            using var limit = MemoryLimit.Of(BytesPerElement * most + SmallestBudget);
            using var noGradients = Gradients.NoGrad();
            var outputs = node.Operator.Run(new NodeCall(node, inputs, new Execution(graph, ForwardContext.Inference)));
            for (var i = 0; i < Math.Min(outputs.Length, node.Outputs.Length); i++)
            {
                if (node.Outputs[i].Length > 0)
                    graph.Constants[node.Outputs[i]] = outputs[i] with { IsKnown = true };
            }
            return true;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // What is wrong is said when the node runs, if it ever does.
            return false;
        }
    }

    /// <summary>A bound for the number of elements of the results: products and broadcasts can be larger than their inputs together.</summary>
    private static Int128 Bound(Value?[] inputs)
    {
        var product = (Int128)1;
        foreach (var input in inputs)
            product = Int128.Min(product * Math.Max(1, input is null ? 1 : Extent(input.Shape)), long.MaxValue);
        return product;
    }

    /// <summary>The number of elements if no axis were empty: what an operator makes of nothing may be as large, such as sums over an empty axis.</summary>
    private static long Extent(Shape shape)
    {
        var extent = (Int128)1;
        foreach (var size in shape.Sizes)
            extent = Int128.Min(extent * Math.Max(1, size), int.MaxValue);
        return (long)extent;
    }

    private static long LargestResult(Node node, Value?[] inputs)
    {
        var sum = inputs.Sum(i => i is null ? 0 : Extent(i.Shape));
        var isCombined = inputs.Length > 1 && node.OpType is not ("Concat" or "Reshape" or "Transpose" or "Squeeze" or "Unsqueeze" or "Slice" or "Split" or "ArrangeGates" or "Cast");
        return 1 + (isCombined ? (long)Int128.Min(Bound(inputs), BroadcastBound(node, inputs, sum)) : sum);
    }

    /// <summary>Element-wise operators give no more than the common shape of their inputs.</summary>
    private static Int128 BroadcastBound(Node node, Value?[] inputs, long sum)
    {
        if (node.OpType is not ("Add" or "Sub" or "Mul" or "Div" or "Pow" or "Max" or "Min" or "Where" or "Equal" or "Less" or "Greater"))
            return long.MaxValue;
        var shape = Shape.Scalar;
        foreach (var input in inputs)
        {
            var sizes = input!.Shape;
            var count = (Int128)1;
            for (var i = 1; i <= Math.Max(shape.Rank, sizes.Rank); i++)
                count *= Math.Max(i <= shape.Rank ? shape.Sizes[^i] : 1, i <= sizes.Rank ? sizes.Sizes[^i] : 1);
            if (count > Array.MaxLength || !Shape.TryBroadcast(shape, sizes, out shape))
                return long.MaxValue;
        }
        return Int128.Max(shape.Count, sum);
    }
}
