using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Puts nodes, constants and initial values into a graph, each under a name of its own.</summary>
internal sealed class GraphWriter
{
    private readonly HashSet<string> _names;
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly GraphWriter? _outer;

    public GraphWriter(int operatorSet)
    {
        OperatorSet = operatorSet;
        _names = new(StringComparer.Ordinal);
    }

    private GraphWriter(GraphWriter outer)
    {
        (OperatorSet, _names, _outer, Path) = (outer.OperatorSet, outer._names, outer, outer.Path);
    }

    public int OperatorSet { get; }

    public GraphProto Graph { get; } = new();

    /// <summary>The path of the module whose nodes are written.</summary>
    public string Path { get; set; } = "";

    /// <summary>A graph inside this one, which sees all of its values.</summary>
    public GraphWriter Inner() => new(this);

    /// <summary>A name that nothing else has.</summary>
    public string Unique(string wanted)
    {
        var name = wanted;
        for (var i = 1; !_names.Add(name); i++)
            name = $"{wanted}_{i}";
        return name;
    }

    /// <summary>A node of one result.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inputs">The operands; null or empty for one that is left out.</param>
    /// <param name="attributes">The settings.</param>
    /// <returns>The name of the result.</returns>
    public string Node(string op, string?[] inputs, params AttributeProto[] attributes) => Nodes(op, 1, inputs, attributes)[0];

    /// <inheritdoc cref="Node"/>
    /// <param name="op">The operator.</param>
    /// <param name="results">The number of results.</param>
    /// <param name="inputs">The operands.</param>
    /// <param name="attributes">The settings.</param>
    public string[] Nodes(string op, int results, string?[] inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = Unique(Path.Length == 0 ? $"/{op}" : $"/{Path.Replace('.', '/')}/{op}") };
        var count = Array.FindLastIndex(inputs, i => !string.IsNullOrEmpty(i)) + 1;
        node.Inputs.AddRange(inputs.Take(count).Select(i => i ?? ""));
        for (var i = 0; i < results; i++)
            node.Outputs.Add(Unique($"{node.Name}_output_{i}"));
        node.Attributes.AddRange(attributes);
        Graph.Nodes.Add(node);
        return [.. node.Outputs];
    }

    public string Int64(params long[] numbers) => Constant(Tensor.From(numbers), $"i{string.Join(',', numbers)}");

    /// <summary>A number without axes.</summary>
    public string Scalar(double number, DType dtype) =>
        Constant(Tensor.Scalar(number, dtype), $"s{dtype}{BitConverter.DoubleToInt64Bits(number)}");

    /// <summary>A constant, written once for each key.</summary>
    public string Constant(Tensor numbers, string? key = null)
    {
        if (key is not null && Known(key) is { } known)
            return known;
        var name = Node("Constant", [], Attribute.Of("value", Proto("", numbers)));
        if (key is not null)
            _constants[key] = name;
        return name;
    }

    /// <summary>What is computed once for each key, where this graph can see it.</summary>
    public string Once(string key, Func<string> make)
    {
        if (Known(key) is { } known)
            return known;
        return _constants[key] = make();
    }

    public void Initializer(string name, Tensor numbers)
    {
        _names.Add(name);
        Graph.Initializers.Add(Proto(name, numbers));
    }

    private static TensorProto Proto(string name, Tensor numbers)
    {
        var proto = new TensorProto { Name = name, Type = ElementTypes.Of(numbers.DType) };
        foreach (var size in numbers.Shape.Sizes)
            proto.Dims.Add(size);
        proto.SetRaw(TensorReader.ToRaw(numbers, proto.Type));
        return proto;
    }

    private string? Known(string key) => _constants.GetValueOrDefault(key) ?? _outer?.Known(key);
}

/// <summary>Settings of nodes.</summary>
internal static class Attribute
{
    public static AttributeProto Of(string name, long value) => new() { Name = name, Kind = AttributeKind.Int, Int = value };

    public static AttributeProto Of(string name, bool value) => Of(name, value ? 1 : 0);

    public static AttributeProto Of(string name, double value) => new() { Name = name, Kind = AttributeKind.Float, Float = (float)value };

    public static AttributeProto Of(string name, string value) => new() { Name = name, Kind = AttributeKind.String, String = System.Text.Encoding.UTF8.GetBytes(value) };

    public static AttributeProto Of(string name, IEnumerable<int> values) => new() { Name = name, Kind = AttributeKind.Ints, Ints = [.. values.Select(v => (long)v)] };

    public static AttributeProto Of(string name, IEnumerable<string> values) => new() { Name = name, Kind = AttributeKind.Strings, Strings = [.. values] };

    public static AttributeProto Of(string name, TensorProto value) => new() { Name = name, Kind = AttributeKind.Tensor, Tensor = value };

    public static AttributeProto Of(string name, GraphProto value) => new() { Name = name, Kind = AttributeKind.Graph, Graph = value };
}
