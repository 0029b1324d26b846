namespace Glia.Conformance.Operations;

internal static class Arithmetic
{
    public static OperationTable Table { get; } = new()
    {
        { "abs", c => c["x"].Abs() },
        { "add", c => c["a"] + Scaled(c) },
        { "atan", c => c["x"].Atan() },
        { "clamp", c => c["x"].Clamp(Limit(c, "min", double.NegativeInfinity), Limit(c, "max", double.PositiveInfinity)) },
        { "cos", c => c["x"].Cos() },
        { "cosh", c => c["x"].Cosh() },
        { "div", c => c["a"] / c["b"] },
        { "erf", c => c["x"].Erf() },
        { "exp", c => c["x"].Exp() },
        { "eq", c => Tensor.EqualTo(c["a"], c["b"]) },
        { "expm1", c => c["x"].Expm1() },
        { "floor", c => c["x"].Floor() },
        { "ge", c => Tensor.GreaterOrEqual(c["a"], c["b"]) },
        { "gt", c => Tensor.Greater(c["a"], c["b"]) },
        { "log", c => c["x"].Log() },
        { "log1p", c => c["x"].Log1p() },
        { "log2", c => c["x"].Log2() },
        { "lt", c => Tensor.Less(c["a"], c["b"]) },
        { "maximum", c => Tensor.Maximum(c["a"], c["b"]) },
        { "minimum", c => Tensor.Minimum(c["a"], c["b"]) },
        { "mul", c => c["a"] * c["b"] },
        { "neg", c => -c["x"] },
        { "pow", c => Tensor.Pow(c["a"], c["b"]) },
        { "pow_scalar", c => c["x"].Pow(c.Options.Number("exponent")) },
        { "reciprocal", c => c["x"].Reciprocal() },
        { "rsqrt", c => c["x"].Rsqrt() },
        { "sign", c => c["x"].Sign() },
        { "sin", c => c["x"].Sin() },
        { "sinh", c => c["x"].Sinh() },
        { "sqrt", c => c["x"].Sqrt() },
        { "square", c => c["x"].Square() },
        { "sub", c => c["a"] - Scaled(c) },
        { "tan", c => c["x"].Tan() },
        { "where", c => Tensor.Where(c["condition"], c["a"], c["b"]) },
    };

    private static double Limit(ConformanceCase c, string name, double none) => c.Options.Number(name, none);

    private static Tensor Scaled(ConformanceCase c) => c.Options.Number("alpha", 1) is var alpha && alpha == 1 ? c["b"] : c["b"] * alpha;
}
