using Glia.Kernels;
using Glia.Layers;
using Glia.Ops;

namespace Glia.Interchange.Onnx.Export;

/// <summary>
/// Element-wise operations: the operator of that meaning where ONNX has one, else the nodes that the formula itself is made of.
/// </summary>
internal static class FormulaExport
{
    // Operators that are the same function, with the first version of the operators that has them and whether ONNX Runtime computes them on 64-bit numbers.
    private static readonly Dictionary<string, (string Op, int Since, bool Double)> Names = new(StringComparer.Ordinal)
    {
        ["ReLU"] = ("Relu", 1, true),
        ["Sigmoid"] = ("Sigmoid", 1, true),
        ["Tanh"] = ("Tanh", 1, true),
        ["Softplus"] = ("Softplus", 1, false),
        ["Softsign"] = ("Softsign", 1, false),
        ["HardSwish"] = ("HardSwish", 14, false),
        ["Mish"] = ("Mish", 18, false),
        ["SELU"] = ("Selu", 1, false),
        ["Exp"] = ("Exp", 1, true),
        ["Log"] = ("Log", 1, true),
        ["Sqrt"] = ("Sqrt", 1, true),
        ["Abs"] = ("Abs", 1, true),
        ["Sign"] = ("Sign", 9, true),
        ["Negate"] = ("Neg", 1, true),
        ["Reciprocal"] = ("Reciprocal", 1, true),
        ["Erf"] = ("Erf", 9, true),
        ["Floor"] = ("Floor", 1, true),
        ["Sin"] = ("Sin", 1, true),
        ["Cos"] = ("Cos", 1, true),
        ["Tan"] = ("Tan", 1, false),
        ["Atan"] = ("Atan", 1, false),
        ["Sinh"] = ("Sinh", 9, false),
        ["Cosh"] = ("Cosh", 9, false),
        ["Add"] = ("Add", 1, true),
        ["Subtract"] = ("Sub", 1, true),
        ["Multiply"] = ("Mul", 1, true),
        ["Divide"] = ("Div", 1, true),
        ["Maximum"] = ("Max", 1, true),
        ["Minimum"] = ("Min", 1, true),
        ["Pow"] = ("Pow", 1, true),
    };

    public static void Export(NodeExport node)
    {
        var name = node.Node.First.Name;
        RequireSameFormula(node);
        var isSingle = node.DType == DType.Float32;
        if (WithSettings(node, isSingle) is { } result)
            node.Set(result);
        else if (Names.TryGetValue(name, out var row) && (isSingle || row.Double) && node.Graph.OperatorSet >= row.Since)
            node.Set(node.Emit(row.Op));
        else
            node.Set(((IFormulaOperation)node.What).Evaluate<OnnxReal>([.. Enumerable.Range(0, node.Inputs).Select(i => new OnnxReal(node.Graph, node.Name(i)!, node.DType))])
                .Name(node.Graph, node.DType));
    }

    private static string? WithSettings(NodeExport node, bool isSingle)
    {
        var graph = node.Graph;
        return node.What switch
        {
            UnaryOperation<ClampFormula> { Formula: var f } => Clip(f.Minimum, f.Maximum),
            UnaryOperation<HardTanhFormula> { Formula: var f } => Clip(f.Low, f.High),
            UnaryOperation<ReLU6Formula> => Clip(0, 6),
            UnaryOperation<IdentityOperation> => node.Name(0),
            UnaryOperation<ELUFormula> { Formula: var f } when isSingle => node.Emit("Elu", Attribute.Of("alpha", f.Alpha)),
            UnaryOperation<LeakyReLUFormula> { Formula: var f } when isSingle => node.Emit("LeakyRelu", Attribute.Of("alpha", f.Slope)),
            UnaryOperation<HardSigmoidFormula> when isSingle => node.Emit("HardSigmoid", Attribute.Of("alpha", 1 / 6.0), Attribute.Of("beta", 0.5)),
            UnaryOperation<GELUFormula> when isSingle && graph.OperatorSet >= 20 => node.Emit("Gelu"),
            UnaryOperation<GELUTanhFormula> when isSingle && graph.OperatorSet >= 20 => node.Emit("Gelu", Attribute.Of("approximate", "tanh")),
            _ => null,
        };

        string Clip(double low, double high) => graph.Node(
            "Clip", [node.Name(0), double.IsFinite(low) ? graph.Scalar(low, node.DType) : null, double.IsFinite(high) ? graph.Scalar(high, node.DType) : null]);
    }

    /// <summary>A formula whose numbers follow from the size of the input, such as a division by the number of steps, must not stand still.</summary>
    private static void RequireSameFormula(NodeExport node)
    {
        // Places where formulas of different settings differ: around 0, and far out, beyond bounds.
        Tensor[] x = [Tensor.From([0.3, -0.7, 1.7, 97.3, -97.3]), Tensor.From([0.51, -0.4, 1.6, 2.3, -97.2])];
        var first = ValuesOf((Autograd.Operation)node.What);
        if (node.All<Autograd.Operation>().Any(o => !ValuesOf(o).AsSpan().SequenceEqual(first)))
            throw new RefusedException("a number in it follows from the size of the input. Use Mean and Variance, which know their counts, or export with fixed sizes");

        double[] ValuesOf(Autograd.Operation operation)
        {
            var y = Tensor.Zeros(x[0].Shape, DType.Float64);
            operation.Forward(y.Device.Backend, x[..node.Inputs], y);
            return y.ToArray<double>();
        }
    }
}
