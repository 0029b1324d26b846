using Glia.Kernels;
using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Operations that move or choose elements, compare them, or change their type.</summary>
internal static class MovementExport
{
    private const long Infinite = long.MaxValue;

    public static void Reshape(NodeExport node)
    {
        var (x, y) = (node.Value(0), node.Output());
        if (x.Rank == y.Rank && Enumerable.Range(0, x.Rank).All(a => x.Size(a).SequenceEqual(y.Size(a))))
        {
            node.Set(node.Name(0)!);
            return;
        }
        node.Set(Reshaped(node, node.Name(0)!, x, y));
    }

    /// <summary>The elements of x under the shape of y.</summary>
    public static string Reshaped(NodeExport node, string name, AlignedValue x, AlignedValue y)
    {
        var sizes = new long[y.Rank];
        var open = new List<int>();
        for (var axis = 0; axis < y.Rank; axis++)
        {
            if (y.IsFixed(axis) && y.Size(axis)[0] > 0)
                sizes[axis] = y.Size(axis)[0];
            else if (axis < x.Rank && x.Size(axis).SequenceEqual(y.Size(axis)))
                sizes[axis] = 0;
            else
                open.Add(axis);
        }
        if (open.Count <= 1)
        {
            if (open.Count == 1)
                sizes[open[0]] = -1;
            return node.Graph.Node("Reshape", [name, node.Graph.Int64(sizes)]);
        }
        var shape = node.Sizes.Shape(node.Graph, [.. Enumerable.Range(0, y.Rank).Select(y.Size)], (x, name));
        return node.Graph.Node("Reshape", [name, shape]);
    }

    public static void BroadcastTo(NodeExport node)
    {
        var (x, y) = (node.Value(0), node.Output());
        // A size of 1 leaves the axis as it is.
        int[] one = [1];
        if (x.Rank == y.Rank && Enumerable.Range(0, x.Rank).All(a => x.Size(a).SequenceEqual(y.Size(a))))
        {
            node.Set(node.Name(0)!);
            return;
        }
        int[][] sizes = [.. Enumerable.Range(0, y.Rank).Select(a => a - y.Rank + x.Rank is >= 0 and var own && x.Size(own).SequenceEqual(y.Size(a)) ? one : y.Size(a))];
        node.Set(node.Graph.Node("Expand", [node.Name(0), node.Sizes.Shape(node.Graph, sizes, (x, node.Name(0)!))]));
    }

    public static void Slice(NodeExport node)
    {
        var (x, y) = (node.Value(0), node.Output());
        var axis = node.Same(n => ((SliceOperation)n.What).Axis, "the axis");
        var step = node.Same(n => ((SliceOperation)n.What).Step, "the step");
        int[] starts = [.. node.All<SliceOperation>().Select(o => o.Start)];
        var (size, length) = (x.Size(axis), y.Size(axis));
        int[] ends = [.. starts.Zip(length, (start, n) => start + (n * step))];
        if (step == 1 && starts.All(s => s == 0) && ends.SequenceEqual(size))
        {
            node.Set(node.Name(0)!);
            return;
        }
        var end = step > 0 && ends.Zip(size).All(p => p.First >= p.Second) ? node.Graph.Int64(Infinite)
            : step < 0 && ends.All(e => e < 0) ? node.Graph.Int64(-Infinite)
            : Place(ends);
        node.Set(node.Graph.Node("Slice", [node.Name(0), Place(starts), end, node.Graph.Int64(axis), node.Graph.Int64(step)]));

        // A place that moves with the end of the axis is counted from there.
        string Place(int[] at)
        {
            if (AlignedValue.IsSame(at))
                return node.Graph.Int64(at[0]);
            int[] fromEnd = [.. at.Zip(size, (a, s) => a - s)];
            return AlignedValue.IsSame(fromEnd) && fromEnd[0] < 0 ? node.Graph.Int64(fromEnd[0]) : node.Sizes.Find(node.Graph, at, (x, node.Name(0)!));
        }
    }

    public static void Concat(NodeExport node) => node.Set(node.Emit("Concat", Attribute.Of("axis", node.Same(n => ((ConcatOperation)n.What).Axis, "the axis"))));

    public static void Permute(NodeExport node) => node.Set(node.Emit("Transpose", Attribute.Of("perm", ((PermuteOperation)node.What).Order)));

    public static void Pad(NodeExport node)
    {
        var graph = node.Graph;
        var call = node.Same(n => (PadCall)n.What, "the number of elements to be put around");
        var rank = node.Value(0).Rank;
        if (call.Mode == PadMode.Circular && graph.OperatorSet < 19)
        {
            var (x, axis) = (node.Name(0), graph.Int64(call.Axis));
            if (node.Value(0).Size(call.Axis).Any(s => s < Math.Max(call.Before, call.After)))
                throw new RefusedException("a ring that is gone round more than once needs operators of version 19. Export with operator set 19");
            List<string?> parts = [x];
            if (call.Before > 0)
                parts.Insert(0, graph.Node("Slice", [x, graph.Int64(-call.Before), graph.Int64(Infinite), axis]));
            if (call.After > 0)
                parts.Add(graph.Node("Slice", [x, graph.Int64(0), graph.Int64(call.After), axis]));
            node.Set(graph.Node("Concat", [.. parts], Attribute.Of("axis", call.Axis)));
            return;
        }
        var pads = new long[2 * rank];
        (pads[call.Axis], pads[rank + call.Axis]) = (call.Before, call.After);
        var (mode, value) = call.Mode switch
        {
            PadMode.Reflect => ("reflect", null),
            PadMode.Replicate => ("edge", null),
            PadMode.Circular => ("wrap", null),
            _ => ("constant", graph.Scalar(call.Value, node.DType)),
        };
        node.Set(graph.Node("Pad", [node.Name(0), graph.Int64(pads), value], Attribute.Of("mode", mode)));
    }

    public static void Cast(NodeExport node) => node.Set(Cast(node.Graph, node.Name(0)!, node.DType));

    public static string Cast(GraphWriter graph, string name, DType dtype) => graph.Node("Cast", [name], Attribute.Of("to", (long)ElementTypes.Of(dtype)));

    public static void CumulativeSum(NodeExport node)
    {
        var operation = (CumulativeSumOperation)node.What;
        node.Set(node.Graph.Node("CumSum", [node.Name(0), node.Graph.Scalar(operation.Axis, DType.Int64)], Attribute.Of("reverse", operation.IsReverse)));
    }

    public static void Compare(NodeExport node)
    {
        var op = ((CompareCall)node.What).Comparison switch
        {
            Comparison.Greater => "Greater",
            Comparison.GreaterOrEqual => "GreaterOrEqual",
            _ => "Equal",
        };
        if (node.Value(0).DType != DType.Bool || op == "Equal")
            node.Set(node.Emit(op));
        else
            node.Set(node.Graph.Node(op == "Greater" ? "And" : "Or", [node.Name(0), node.Graph.Node("Not", [node.Name(1)])]));
    }

    public static void Where(NodeExport node)
    {
        var graph = node.Graph;
        if (node.DType != DType.Bool)
            node.Set(node.Emit("Where"));
        else
            node.Set(graph.Node("Or", [graph.Node("And", [node.Name(0), node.Name(1)]), graph.Node("And", [graph.Node("Not", [node.Name(0)]), node.Name(2)])]));
    }

    public static void Lookup(NodeExport node) => node.Set(node.Emit("Gather", Attribute.Of("axis", 0)));

    public static void IndexSelect(NodeExport node)
    {
        var operation = (IndexSelectOperation)node.What;
        if (operation.IsTransposed)
            throw GraphExport.NoOperator();
        node.Set(node.Emit("Gather", Attribute.Of("axis", operation.Axis)));
    }

    public static void Gather(NodeExport node)
    {
        var operation = (GatherOperation)node.What;
        if (operation.IsTransposed)
            throw GraphExport.NoOperator();
        node.Set(node.Emit("GatherElements", Attribute.Of("axis", operation.Axis)));
    }

    public static void OneHot(NodeExport node)
    {
        var graph = node.Graph;
        var call = node.Same(n => (OneHotCall)n.What, "the number of classes");
        if (call.DType == DType.Float32)
        {
            node.Set(graph.Node("OneHot", [node.Name(0), graph.Int64(call.Classes), graph.Constant(Tensor.From([0f, 1f]), "0,1")], Attribute.Of("axis", -1)));
            return;
        }
        var classes = graph.Constant(Tensor.From([.. Enumerable.Range(0, call.Classes).Select(i => (long)i)]), $"range {call.Classes}");
        var column = graph.Node("Unsqueeze", [node.Name(0), graph.Int64(-1)]);
        node.Set(Cast(graph, graph.Node("Equal", [column, classes]), call.DType));
    }
}
