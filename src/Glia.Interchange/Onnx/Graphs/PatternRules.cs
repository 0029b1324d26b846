using Glia.Interchange.Onnx.Operators;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>Functions that files write out in primitive operators.</summary>
internal static class PatternRules
{
    private static readonly Operator Gelus = OperatorTable.Find("Gelu")!;
    private static readonly Operator LayerNorms = OperatorTable.Find("LayerNormalization")!;
    private static readonly Operator GroupNorms = OperatorTable.Find("GroupNormalization")!;

    /// <summary>(x − mean) / √(mean of squares + ε)·γ + β, over the last axis.</summary>
    public static Node? LayerNorm(GraphEditor graph, Node node)
    {
        if (node.OpType != "Add")
            return null;
        var (quotient, scale, shift) = ScaleAndShift(graph, node, "Div");
        if (quotient is null)
            return null;
        var centered = graph.Maker(quotient.Input(0));
        if (centered?.OpType != "Sub" || graph.OnlyFor(quotient, 1, "Sqrt") is not { } root || graph.OnlyFor(root, 0, "Add") is not { } sum)
            return null;
        var (variance, epsilon) = WithNumber(graph, sum);
        if (variance?.OpType != "ReduceMean" || graph.OnlyFor(variance, 0, "Pow", "Mul") is not { } square || !IsSquareOf(graph, square, centered.Outputs[0]))
            return null;
        if (graph.OnlyFor(centered, 1, "ReduceMean") is not { } mean || mean.Input(0) != centered.Input(0) || !IsOverLast(graph, mean) || !IsOverLast(graph, variance))
            return null;
        if (graph.Weight(scale) is not { Rank: 1 } gamma || graph.Weight(shift)?.Shape != gamma.Shape || epsilon is not > 0)
            return null;
        return GraphEditor.Make(node, LayerNorms, [centered.Input(0), scale, shift], node.Outputs, new Attributes().With("axis", -1L).With("epsilon", epsilon.Value));
    }

    /// <summary>x/2·(1 + erf(x/√2)), its factors in any order.</summary>
    public static Node? Gelu(GraphEditor graph, Node node)
    {
        if (node.OpType != "Mul")
            return null;
        for (var i = 0; i < 2; i++)
        {
            // The number one half is the last factor, or belongs to one of the others.
            if (graph.Number(node.Input(i)) is 0.5 && graph.OnlyFor(node, 1 - i, "Mul") is { } product && InputOfGelu(graph, product) is { } x)
                return GraphEditor.Make(node, Gelus, [x], node.Outputs, new());
            if (graph.OnlyFor(node, i, "Mul") is { } half && WithNumber(graph, half) is (_, 0.5) && IsOnePlusErf(graph, node, 1 - i, Other(graph, half)))
                return GraphEditor.Make(node, Gelus, [Other(graph, half)], node.Outputs, new());
        }
        return null;
    }

    /// <summary>Groups as the channels of an instance normalisation by 1 and 0, with a scale and a shift per channel behind it.</summary>
    public static Node? GroupNorm(GraphEditor graph, Node node)
    {
        if (node.OpType != "Add")
            return null;
        var (back, scale, shift) = ScaleAndShift(graph, node, "Reshape");
        if (back is null)
            return null;
        if (graph.OnlyFor(back, 0, "InstanceNormalization") is not { } instance || graph.OnlyFor(instance, 0, "Reshape") is not { } groups)
            return null;
        if (graph.Constant(groups.Input(1)) is not { Rank: 1, Count: 3 } shape || shape.GetFlat(0) != 0 || shape.GetFlat(2) != -1 || shape.GetFlat(1) < 1)
            return null;
        // The shape that comes back is that of what went in.
        if (graph.Maker(back.Input(1)) is not { OpType: "Shape" } asked || asked.Attributes.Names.Any() || asked.Input(0) != groups.Input(0))
            return null;
        if (!IsAll(graph.Constant(instance.Input(1)), 1) || !IsAll(graph.Constant(instance.Input(2)), 0) || ChannelsOf(graph.Constant(scale)) is not { } gamma || ChannelsOf(graph.Constant(shift)) is not { } beta)
            return null;
        if (gamma.Count != beta.Count || gamma.Count % (int)shape.GetFlat(1) != 0)
            return null;
        var attributes = new Attributes().With("num_groups", (long)shape.GetFlat(1)).With("epsilon", instance.Attributes.Float("epsilon", 1e-5));
        return GraphEditor.Make(
            new Node { Name = node.Name, OpType = node.OpType, Operator = node.Operator, Opset = OperatorTable.NewestOpset, Inputs = [], Outputs = [] },
            GroupNorms, [groups.Input(0), graph.Add(node.Outputs[0], gamma), graph.Add(node.Outputs[0], beta)], node.Outputs, attributes);
    }

    /// <summary>What is multiplied by a weight and has another one added, if it comes of an operator.</summary>
    private static (Node? Before, string Scale, string Shift) ScaleAndShift(GraphEditor graph, Node add, string opType)
    {
        for (var i = 0; i < 2; i++)
        {
            if (graph.Weight(add.Input(1 - i)) is null || graph.OnlyFor(add, i, "Mul") is not { } product)
                continue;
            for (var j = 0; j < 2; j++)
            {
                if (graph.Weight(product.Input(1 - j)) is not null && graph.OnlyFor(product, j, opType) is { } before)
                    return (before, product.Input(1 - j), add.Input(1 - i));
            }
        }
        return (null, "", "");
    }

    private static bool IsOverLast(GraphEditor graph, Node mean)
    {
        var axes = mean.Input(1).Length > 0
            ? graph.Constant(mean.Input(1)) is { Count: 1 } constant ? constant.GetFlat(0) : null
            : mean.Attributes.Ints("axes") is [var axis] ? (double?)axis : null;
        return axes == -1 && mean.Attributes.Flag("keepdims", true);
    }

    private static bool IsSquareOf(GraphEditor graph, Node square, string name) =>
        square.Input(0) == name && (square.OpType == "Pow" ? graph.Number(square.Input(1)) == 2 : square.Input(1) == name);

    /// <summary>The maker of one operand and the number that the other is.</summary>
    private static (Node? Maker, double? Number) WithNumber(GraphEditor graph, Node node)
    {
        if (graph.Number(node.Input(1)) is { } second)
            return (graph.Maker(node.Input(0)), second);
        return graph.Number(node.Input(0)) is { } first ? (graph.Maker(node.Input(1)), first) : (null, null);
    }

    private static string Other(GraphEditor graph, Node node) => graph.Number(node.Input(1)) is not null ? node.Input(0) : node.Input(1);

    private static string? InputOfGelu(GraphEditor graph, Node product)
    {
        for (var i = 0; i < 2; i++)
        {
            if (IsOnePlusErf(graph, product, i, product.Input(1 - i)))
                return product.Input(1 - i);
        }
        return null;
    }

    /// <summary>Whether an input of a node is 1 + erf(x/√2).</summary>
    private static bool IsOnePlusErf(GraphEditor graph, Node node, int input, string x)
    {
        const double Tolerance = 1e-4;
        if (graph.OnlyFor(node, input, "Add") is not { } sum || WithNumber(graph, sum) is not ({ OpType: "Erf" } erf, 1))
            return false;
        if (graph.OnlyFor(erf, 0, "Div", "Mul") is not { } inner || Other(graph, inner) != x || WithNumber(graph, inner).Number is not { } number)
            return false;
        return Math.Abs((inner.OpType == "Div" ? 1 / number : number) - Math.Sqrt(0.5)) < Tolerance;
    }

    private static bool IsAll(Tensor? tensor, double value) => tensor is { DType: DType.Float32 } && !tensor.AsSpan<float>().ContainsAnyExcept((float)value);

    /// <summary>(channels, 1, 1, …) as one axis.</summary>
    private static Tensor? ChannelsOf(Tensor? tensor)
    {
        if (tensor is null || tensor.Rank < 2 || tensor.Shape[0] != tensor.Count)
            return null;
        return tensor.Reshape(tensor.Count);
    }
}
