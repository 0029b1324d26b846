using Glia.Interchange.Onnx.Operators;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>Products with what follows them, for weights that may change as well.</summary>
internal static class ProductRules
{
    /// <summary>x·wᵀ + b by settings as most files have them is a dense layer.</summary>
    public static Node? Gemm(GraphEditor graph, Node node)
    {
        if (node.OpType != "Gemm" || node.Attributes.Float("alpha", 1) != 1 || node.Attributes.Float("beta", 1) != 1 || node.Attributes.Flag("transA"))
            return null;
        if (!node.Attributes.Flag("transB") || graph.Weight(node.Input(1)) is not { Rank: 2 } weight || !weight.DType.IsFloatingPoint())
            return null;
        if (node.Input(2).Length > 0 && graph.Weight(node.Input(2))?.Shape != new Shape(weight.Shape[0]))
            return null;
        return GraphEditor.Make(node, Products.Dense, node.Inputs, node.Outputs, new Attributes().With("transB", 1L));
    }

    /// <summary>A convolution or a dense layer with the activation function behind it.</summary>
    public static Node? Activation(GraphEditor graph, Node node)
    {
        if (node.Operator != OperatorTable.Find(node.OpType) || Activations.Formula(node) is not { } activation)
            return null;
        var product = graph.OnlyFor(node, 0, "Conv", "Dense");
        if (product is null || product.Attributes.Has("activation"))
            return null;
        // Otherwise the gradient needs what the fused operation overwrites.
        if (!activation.IsFusable && graph.Constant(product.Input(1)) is null)
            return null;
        var isConvolution = product.OpType == "Conv";
        string[] inputs = [.. product.Inputs];
        if (isConvolution && product.Input(2).Length == 0)
        {
            if (graph.Weight(product.Input(1)) is not { Count: > 0 } weight)
                return null;
            inputs = [product.Input(0), product.Input(1), graph.Add(node.Outputs[0], Tensor.Zeros(weight.Shape[0], weight.DType))];
        }
        return GraphEditor.Make(product, isConvolution ? Convolutions.FusedConv : Products.Dense, inputs, node.Outputs, product.Attributes.Copy().With("activation", activation));
    }
}
