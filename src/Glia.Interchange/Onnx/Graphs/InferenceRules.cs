using Glia.Interchange.Onnx.Operators;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>What can be done when weights stay as they are.</summary>
internal static class InferenceRules
{
    /// <summary>Gives its input as it is.</summary>
    public static Operator Alias { get; } = new("Alias", 1, "1", "", c => [c.Value(0)]);

    private static Operator FusedMatMul { get; } = new("FusedMatMul", 1, "2", "", c =>
        c.Same(HostMath.Wrap(Products.MatMul(c.X, c.In(1), c.Flag("transA"), c.Flag("transB")), c.Type(0))));

    private static Operator SumRelu { get; } = new("AddRelu", 1, "2", "", c =>
        c.Same(c.X.DType.IsFloatingPoint()
            ? Tensor.Apply(c.X, c.In(1).To(c.X.DType), new AddReluFormula())
            : HostMath.Binary<Arithmetic.Larger>("AddRelu", HostMath.Wrap(HostMath.Binary<Arithmetic.Sum>("AddRelu", c.X, c.In(1)), c.Type(0)), HostMath.Scalar(0, c.X.DType))));

    private static Operator ScaledBy { get; } = new("Scale", 1, "1", "", c => c.Same(c.X * c.Float("factor", 1)));

    /// <summary>Nodes that do nothing in inference.</summary>
    public static Node? PassThrough(GraphEditor graph, Node node)
    {
        var isDropout = node.OpType == "Dropout" && node.Input(2).Length == 0 && (node.Outputs.Length < 2 || graph.Uses(node.Outputs[1]) == 0);
        return node.OpType == "Identity" || isDropout ? GraphEditor.Make(node, Alias, [node.Inputs[0]], [node.Outputs[0]], new()) : null;
    }

    /// <summary>A normalisation by constants becomes part of the weights of the convolution before it, or one product and sum per channel.</summary>
    public static Node? BatchNormalization(GraphEditor graph, Node node)
    {
        if (node.OpType != "BatchNormalization" || node.Attributes.Flag("training_mode") || !node.Attributes.Flag("spatial", true))
            return null;
        if (graph.Constant(node.Input(1)) is not { } scale || graph.Constant(node.Input(2)) is not { } bias || graph.Constant(node.Input(3)) is not { } mean || graph.Constant(node.Input(4)) is not { } variance)
            return null;
        if (scale.Rank != 1 || bias.Shape != scale.Shape || mean.Shape != scale.Shape || variance.Shape != scale.Shape || mean.DType != scale.DType || variance.DType != scale.DType)
            return null;
        var (factor, shift) = Normalizations.Affine(scale, bias, mean, variance, node.Attributes.Float("epsilon", 1e-5));
        var convolution = graph.OnlyFor(node, 0, "Conv");
        string[] output = [node.Outputs[0]];
        if (convolution is null || convolution.Attributes.Has("activation") || graph.Constant(convolution.Input(1)) is not { } weight || weight.Shape[0] != factor.Count
            || (convolution.Input(2).Length > 0 && graph.Constant(convolution.Input(2)) is null))
        {
            return GraphEditor.Make(node, Normalizations.ChannelAffine, [node.Input(0), graph.Add(output[0], factor), graph.Add(output[0], shift)], output, new());
        }
        var scaled = weight * factor.Reshape([factor.Count, .. Enumerable.Repeat(1, weight.Rank - 1)]);
        var moved = graph.Constant(convolution.Input(2)) is { } own ? (own * factor) + shift : shift;
        return GraphEditor.Make(
            convolution, convolution.Operator, [convolution.Input(0), graph.Add(output[0], scaled), graph.Add(output[0], moved)], output, convolution.Attributes);
    }

    /// <summary>x·w + b with constants, w being turned around once so that it lies as a dense layer has it.</summary>
    public static Node? Dense(GraphEditor graph, Node node)
    {
        if (node.OpType == "Gemm" && node.Attributes.Float("alpha", 1) == 1 && node.Attributes.Float("beta", 1) == 1 && !node.Attributes.Flag("transA") && !node.Attributes.Flag("transB"))
            return FromParts(graph, node, node, node.Input(1), node.Input(2));
        if (node.OpType != "Add")
            return null;
        for (var i = 0; i < 2; i++)
        {
            if (graph.OnlyFor(node, i, "MatMul") is { } product && FromParts(graph, node, product, product.Input(1), node.Input(1 - i)) is { } dense)
                return dense;
        }
        return null;
    }

    /// <summary>a·bᵀ without turning b around.</summary>
    public static Node? TransposedProduct(GraphEditor graph, Node node)
    {
        if (node.OpType != "MatMul")
            return null;
        var (left, right) = (Turned(graph, node, 0), Turned(graph, node, 1));
        if (left is null && right is null)
            return null;
        return GraphEditor.Make(
            node, FusedMatMul, [left?.Input(0) ?? node.Input(0), right?.Input(0) ?? node.Input(1)], node.Outputs,
            new Attributes().With("transA", left is null ? 0L : 1L).With("transB", right is null ? 0L : 1L));
    }

    /// <summary>A product with or a quotient by one constant number; quotients become products, which may differ in the last bit.</summary>
    public static Node? Scale(GraphEditor graph, Node node)
    {
        if (node.OpType is not ("Mul" or "Div"))
            return null;
        var (number, other) = graph.Number(node.Input(1)) is { } second ? (second, 0) : node.OpType == "Mul" && graph.Number(node.Input(0)) is { } first ? (first, 1) : (0, -1);
        if (other < 0 || number == 0 || !graph.Constant(node.Input(1 - other))!.DType.IsFloatingPoint())
            return null;
        var factor = node.OpType == "Mul" ? number : 1 / number;
        return GraphEditor.Make(node, ScaledBy, [node.Input(other)], node.Outputs, new Attributes().With("factor", factor));
    }

    public static Node? AddRelu(GraphEditor graph, Node node) =>
        node.OpType == "Relu" && graph.OnlyFor(node, 0, "Add") is { } sum ? GraphEditor.Make(node, SumRelu, sum.Inputs, node.Outputs, new()) : null;

    /// <summary>The weights of a recurrent layer are brought into Glia's order by a node of their own, which is computed beforehand.</summary>
    public static Node? Recurrent(GraphEditor graph, Node node)
    {
        if (node.OpType is not ("RNN" or "GRU" or "LSTM") || graph.Constant(node.Input(1)) is not { } w || graph.Constant(node.Input(2)) is not { } r)
            return null;
        if ((node.Input(3).Length > 0 && graph.Constant(node.Input(3)) is null) || (node.OpType == "LSTM" && node.Input(7).Length > 0))
            return null;
        var kind = node.OpType == "RNN" ? RecurrentKind.Rnn : node.OpType == "GRU" ? RecurrentKind.Gru : RecurrentKind.Lstm;
        RecurrentSettings settings;
        try
        {
            settings = RecurrentSettings.Of(node, kind);
        }
        catch (ArgumentException)
        {
            // Said when the node runs.
            return null;
        }
        if (!settings.IsFusable || !settings.Fits(w, r, graph.Constant(node.Input(3))))
            return null;
        string[] sources = node.Input(3).Length > 0 ? [node.Input(1), node.Input(2), node.Input(3)] : [node.Input(1), node.Input(2)];
        var arrange = GraphEditor.Make(node, Operators.Recurrent.Arrange, sources, [], new Attributes().With("settings", settings));
        var inputs = sources.Select(s => (Value?)graph.Graph.Constants[s]).ToArray();
        using var noGradients = Gradients.NoGrad();
        var arranged = arrange.Operator.Run(new NodeCall(arrange, inputs, new Execution(graph.Graph, Glia.Layers.ForwardContext.Inference)));
        string[] weights = [.. arranged.Select(a => graph.Add(node.Outputs.First(o => o.Length > 0), a.Tensor))];
        string[] rest = [.. Enumerable.Range(4, Math.Max(0, Math.Min(node.Inputs.Length, 7) - 4)).Select(node.Input)];
        return GraphEditor.Make(node, Operators.Recurrent.Arranged, [node.Input(0), .. weights, .. rest], node.Outputs, new Attributes().With("settings", settings));
    }

    private static Node? FromParts(GraphEditor graph, Node node, Node product, string weightName, string biasName)
    {
        if (graph.Constant(weightName) is not { Rank: 2 } weight || !weight.DType.IsFloatingPoint())
            return null;
        if (biasName.Length > 0 && graph.Constant(biasName)?.Shape != new Shape(weight.Shape[1]))
            return null;
        using var noGradients = Gradients.NoGrad();
        var turned = graph.Add(node.Outputs[0], weight.Transpose());
        string[] inputs = biasName.Length > 0 ? [product.Input(0), turned, biasName] : [product.Input(0), turned];
        return GraphEditor.Make(product, Products.Dense, inputs, node.Outputs, new Attributes().With("transB", 1L));
    }

    /// <summary>The node before an input that exchanges the last two axes and nothing else.</summary>
    private static Node? Turned(GraphEditor graph, Node node, int input)
    {
        if (graph.OnlyFor(node, input, "Transpose") is not { } transpose || transpose.Attributes.Ints("perm") is not { Length: > 1 } order)
            return null;
        for (var i = 0; i < order.Length - 2; i++)
        {
            if (order[i] != i)
                return null;
        }
        return order[^1] == order.Length - 2 && order[^2] == order.Length - 1 ? transpose : null;
    }
}
