using Glia.Kernels;

namespace Glia.Interchange.Onnx.Export;

/// <summary>A value of a graph, or a constant, as a number: a formula that is evaluated over it writes its nodes.</summary>
internal readonly struct OnnxReal : IReal<OnnxReal>
{
    private readonly GraphWriter? _graph;
    private readonly string _name;
    private readonly DType _dtype;
    private readonly double _constant;

    public OnnxReal(GraphWriter graph, string name, DType dtype) => (_graph, _name, _dtype) = (graph, name, dtype);

    private OnnxReal(double constant) => (_name, _constant) = ("", constant);

    public static OnnxReal Constant(double value) => new(value);

    /// <summary>The name of the value.</summary>
    public string Name(GraphWriter graph, DType dtype) => _graph is null ? graph.Scalar(_constant, dtype) : _name;

    public static OnnxReal operator +(OnnxReal a, OnnxReal b) => IsNumber(a, b) ? new(a._constant + b._constant) : IsNumber(a, 0) ? b : IsNumber(b, 0) ? a : Binary("Add", a, b);

    public static OnnxReal operator -(OnnxReal a, OnnxReal b) => IsNumber(a, b) ? new(a._constant - b._constant) : IsNumber(b, 0) ? a : Binary("Sub", a, b);

    public static OnnxReal operator *(OnnxReal a, OnnxReal b) => IsNumber(a, b) ? new(a._constant * b._constant) : IsNumber(a, 1) ? b : IsNumber(b, 1) ? a : Binary("Mul", a, b);

    public static OnnxReal operator /(OnnxReal a, OnnxReal b) => IsNumber(a, b) ? new(a._constant / b._constant) : IsNumber(b, 1) ? a : Binary("Div", a, b);

    public static OnnxReal operator -(OnnxReal a) => a._graph is null ? new(-a._constant) : Unary("Neg", a);

    public static OnnxReal Abs(OnnxReal a) => a._graph is null ? new(Math.Abs(a._constant)) : Unary("Abs", a);

    public static OnnxReal Sqrt(OnnxReal a) => a._graph is null ? new(Math.Sqrt(a._constant)) : Unary("Sqrt", a);

    public static OnnxReal Exp(OnnxReal a) => a._graph is null ? new(Math.Exp(a._constant)) : Unary("Exp", a);

    public static OnnxReal Log(OnnxReal a) => a._graph is null ? new(Math.Log(a._constant)) : Unary("Log", a);

    public static OnnxReal Log1p(OnnxReal a) => a._graph is null ? new(double.LogP1(a._constant)) : Unary("Log", Binary("Add", a, new(1)));

    public static OnnxReal Tanh(OnnxReal a) => a._graph is null ? new(Math.Tanh(a._constant)) : Unary("Tanh", a);

    public static OnnxReal Sigmoid(OnnxReal a) => a._graph is null ? new(1 / (1 + Math.Exp(-a._constant))) : Unary("Sigmoid", a);

    public static OnnxReal Erf(OnnxReal a) => Unary("Erf", a);

    public static OnnxReal Pow(OnnxReal a, OnnxReal b) => IsNumber(a, b) ? new(Math.Pow(a._constant, b._constant)) : Binary("Pow", a, b);

    public static OnnxReal Floor(OnnxReal a) => a._graph is null ? new(Math.Floor(a._constant)) : Unary("Floor", a);

    public static OnnxReal Sin(OnnxReal a) => a._graph is null ? new(Math.Sin(a._constant)) : Unary("Sin", a);

    public static OnnxReal Cos(OnnxReal a) => a._graph is null ? new(Math.Cos(a._constant)) : Unary("Cos", a);

    public static OnnxReal Greater(OnnxReal a, OnnxReal b) => IsNumber(a, b) ? new(a._constant > b._constant ? 1 : 0) : Binary("Greater", a, b);

    public static OnnxReal Equal(OnnxReal a, OnnxReal b) => IsNumber(a, b) ? new(a._constant == b._constant ? 1 : 0) : Binary("Equal", a, b);

    public static OnnxReal Select(OnnxReal mask, OnnxReal whenTrue, OnnxReal whenFalse)
    {
        if (mask._graph is not { } graph)
            return mask._constant != 0 ? whenTrue : whenFalse;
        return new(graph, graph.Node("Where", [mask._name, whenTrue.Name(graph, mask._dtype), whenFalse.Name(graph, mask._dtype)]), mask._dtype);
    }

    private static bool IsNumber(OnnxReal a, OnnxReal b) => a._graph is null && b._graph is null;

    private static bool IsNumber(OnnxReal a, double number) => a._graph is null && a._constant == number;

    private static OnnxReal Unary(string op, OnnxReal a) => a._graph is { } graph
        ? new(graph, graph.Node(op, [a._name]), a._dtype)
        : throw new InvalidOperationException("No formula applies this function to a constant.");

    private static OnnxReal Binary(string op, OnnxReal a, OnnxReal b)
    {
        var graph = a._graph ?? b._graph!;
        var dtype = a._graph is null ? b._dtype : a._dtype;
        return new(graph, graph.Node(op, [a.Name(graph, dtype), b.Name(graph, dtype)]), dtype);
    }
}
