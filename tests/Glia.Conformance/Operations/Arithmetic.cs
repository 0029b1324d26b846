namespace Glia.Conformance.Operations;

internal static class Arithmetic
{
    public static OperationTable Table { get; } = new()
    {
        { "abs", c => c["x"].Abs() },
        { "add", c => c["a"] + c["b"] },
        { "clamp", c => c["x"].Clamp(Limit(c, "min", double.NegativeInfinity), Limit(c, "max", double.PositiveInfinity)) },
        { "cos", c => c["x"].Cos() },
        { "div", c => c["a"] / c["b"] },
        { "exp", c => c["x"].Exp() },
        { "log", c => c["x"].Log() },
        { "log1p", c => c["x"].Log1p() },
        { "maximum", c => Tensor.Maximum(c["a"], c["b"]) },
        { "minimum", c => Tensor.Minimum(c["a"], c["b"]) },
        { "mul", c => c["a"] * c["b"] },
        { "neg", c => -c["x"] },
        { "reciprocal", c => c["x"].Reciprocal() },
        { "rsqrt", c => c["x"].Rsqrt() },
        { "sin", c => c["x"].Sin() },
        { "sqrt", c => c["x"].Sqrt() },
        { "square", c => c["x"].Square() },
        { "sub", c => c["a"] - c["b"] },
        { "where", c => Tensor.Where(c["condition"], c["a"], c["b"]) },
    };

    private static double Limit(ConformanceCase c, string name, double none) => c.Options.IsNull(name) ? none : c.Options.Number(name);
}
