using Glia.Layers;
using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Activation functions. Those of one number are formulas, which products and recurrent cells can have fused into them.</summary>
internal static class Activations
{
    public static Operator[] All =>
    [
        OfFormula("Relu"),
        OfFormula("LeakyRelu", "alpha:f"),
        OfFormula("Sigmoid"),
        OfFormula("Tanh"),
        OfFormula("Elu", "alpha:f"),
        OfFormula("Selu", "alpha:f gamma:f"),
        OfFormula("Celu", "alpha:f", 12),
        OfFormula("Softplus"),
        OfFormula("Softsign"),
        OfFormula("HardSigmoid", "alpha:f beta:f"),
        OfFormula("HardSwish", "", 14),
        OfFormula("Mish", "", 18),
        OfFormula("Gelu", "approximate:s=none|tanh", 20),
        OfFormula("ThresholdedRelu", "alpha:f", 10),
        new("Shrink", 9, "1", "lambd:f bias:f", c => c.Same(ViaDouble(c.X, x => Tensor.Apply(x, new ShrinkFormula(c.Float("lambd", 0.5), c.Float("bias", 0)))))),
        new("PRelu", 1, "2", "", PRelu),
        new("Softmax", 1, "1", "axis:i", c => OverAxis(c, (x, axis) => x.Softmax(axis))),
        new("LogSoftmax", 1, "1", "axis:i", c => OverAxis(c, (x, axis) => x.LogSoftmax(axis))),
        new("Hardmax", 1, "1", "axis:i", c => OverAxis(c, Hardmax)),
    ];

    /// <summary>The formula of an activation function by its name in ONNX; null for one that has none.</summary>
    /// <param name="name">The operator, or what recurrent operators call the function.</param>
    /// <param name="setting">Its settings by name, or else what is given.</param>
    /// <param name="approximate">For GELU.</param>
    public static ActivationFunction? Formula(string name, Func<string, double, double> setting, string approximate = "none") => name switch
    {
        "Relu" => ActivationFunction.Of(new ReLUFormula()),
        "LeakyRelu" => ActivationFunction.Of(new LeakyReLUFormula(setting("alpha", 0.01))),
        "Sigmoid" => ActivationFunction.Of(new SigmoidFormula()),
        "Tanh" => ActivationFunction.Of(new TanhFormula()),
        "Elu" => ActivationFunction.Of(new ELUFormula(setting("alpha", 1))),
        "Selu" => ActivationFunction.Of(new SeluFormula(setting("alpha", 1.67326319217681884765625), setting("gamma", 1.05070102214813232421875))),
        "Celu" => ActivationFunction.Of(new CeluFormula(setting("alpha", 1))),
        "Softplus" => ActivationFunction.Of(new SoftplusFormula()),
        "Softsign" => ActivationFunction.Of(new SoftsignFormula()),
        "HardSigmoid" => ActivationFunction.Of(new SlopedHardSigmoidFormula(setting("alpha", 0.2), setting("beta", 0.5))),
        "HardSwish" => ActivationFunction.Of(new HardSwishFormula()),
        "Mish" => ActivationFunction.Of(new MishFormula()),
        "Gelu" => approximate == "tanh" ? ActivationFunction.Of(new GELUTanhFormula()) : ActivationFunction.Of(new GELUFormula()),
        "ThresholdedRelu" => ActivationFunction.Of(new ThresholdedReluFormula(setting("alpha", 1))),
        "Affine" => ActivationFunction.Of(new AffineFormula(setting("alpha", 1), setting("beta", 0))),
        "ScaledTanh" => ActivationFunction.Of(new ScaledTanhFormula(setting("alpha", 1), setting("beta", 1))),
        _ => null,
    };

    /// <summary>The formula of a node; null when its operator has none.</summary>
    public static ActivationFunction? Formula(Node node) => Formula(node.OpType, node.Attributes.Float, node.Attributes.Text("approximate", "none"));

    private static Operator OfFormula(string name, string attributes = "", int since = 1) =>
        new(name, since, "1", attributes, c => c.Same(ViaDouble(c.X, x => Formula(c.Node)!.Apply(x))));

    /// <summary>Up to version 6 several slopes belong to the channels; since 7 they broadcast.</summary>
    private static Value[] PRelu(NodeCall c)
    {
        var slope = c.Opset < 7 && c.In(1).Count > 1 && c.X.Rank > 1 ? c.In(1).Reshape(Axes.PerChannel(c.In(1).Count, c.X.Rank)) : c.In(1);
        return c.Same(ViaDouble(c.X, x => Tensor.Where(Tensor.Less(x, Scalar(0, x.DType)), x * slope.To(x.DType), x)));
    }

    /// <summary>Up to version 12 the input is a matrix whose rows are all axes from one on; since 13 it is one axis.</summary>
    private static Value[] OverAxis(NodeCall c, Func<Tensor, int, Tensor> function)
    {
        if (c.Opset >= 13)
            return c.Same(c.X.Count == 0 ? c.X : function(c.X, c.Int("axis", -1)));
        var axis = c.Int("axis", 1);
        axis = axis == c.X.Rank ? axis : c.X.Shape.NormalizeAxis(axis);
        if (c.X.Count == 0)
            return c.Same(c.X);
        var columns = c.X.Shape.From(axis).Count;
        return c.Same(function(c.X.Reshape(c.X.Count / columns, columns), 1).Reshape(c.X.Shape));
    }

    private static Tensor Hardmax(Tensor x, int axis)
    {
        axis = x.Shape.NormalizeAxis(axis);
        var places = Generation.Iota(x.Shape[axis]).Reshape([x.Shape[axis], .. Enumerable.Repeat(1, x.Rank - 1 - axis)]);
        return Tensor.EqualTo(x.ArgMax(axis, keepDims: true), places).To(x.DType);
    }
}
