using System.Text;
using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>The settings of a node by name.</summary>
internal sealed class Attributes
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>The graphs among the settings.</summary>
    public IEnumerable<Graph> Graphs => _values.Values.OfType<Graph>();

    /// <summary>The tensors among the settings.</summary>
    public IEnumerable<Value> Values => _values.Values.OfType<Value>();

    /// <summary>Puts a setting in; false when there is one of that name.</summary>
    public bool TryAdd(string name, object value) => _values.TryAdd(name, value);

    public Attributes With(string name, object value)
    {
        _values[name] = value;
        return this;
    }

    public Attributes Copy()
    {
        var copy = new Attributes();
        foreach (var (name, value) in _values)
            copy._values.Add(name, value);
        return copy;
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public long Int(string name, long otherwise) => _values.TryGetValue(name, out var value) ? (long)value : otherwise;

    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public double Float(string name, double otherwise) => _values.TryGetValue(name, out var value) ? (double)value : otherwise;

    public string Text(string name, string otherwise) => _values.TryGetValue(name, out var value) ? (string)value : otherwise;

    public long[]? Ints(string name) => _values.TryGetValue(name, out var value) ? (long[])value : null;

    public double[]? Floats(string name) => _values.TryGetValue(name, out var value) ? (double[])value : null;

    public string[]? Texts(string name) => _values.TryGetValue(name, out var value) ? (string[])value : null;

    public T? Get<T>(string name)
        where T : class => _values.TryGetValue(name, out var value) ? (T)value : null;

    /// <summary>A letter for the kind of a setting's value: i, f, s, t, g, or one of the first three in capitals for a list.</summary>
    public char KindOf(string name) => _values[name] switch
    {
        long => 'i',
        double => 'f',
        string => 's',
        Value => 't',
        Graph => 'g',
        long[] => 'I',
        double[] => 'F',
        string[] => 'S',
        _ => '?',
    };

    /// <summary>A setting as text, for people.</summary>
    public string Show(string name) => _values[name] switch
    {
        double number => number.ToString("G7", System.Globalization.CultureInfo.InvariantCulture),
        long[] list => $"[{string.Join(", ", list)}]",
        double[] list => $"[{string.Join(", ", list.Select(x => x.ToString("G7", System.Globalization.CultureInfo.InvariantCulture)))}]",
        string[] list => $"[{string.Join(", ", list)}]",
        Value value => $"{value.Type} {value.Shape}",
        Graph graph => $"graph of {graph.Nodes.Count} nodes",
        var other => Convert.ToString(other, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>What an attribute holds; null for kinds that no operator of Glia's has.</summary>
    public static object? ValueOf(AttributeProto attribute, GraphReader reader) => attribute.Kind switch
    {
        AttributeKind.Int => attribute.Int,
        AttributeKind.Float => (double)attribute.Float,
        AttributeKind.String => Encoding.UTF8.GetString(attribute.String.Span),
        AttributeKind.Ints => attribute.Ints?.ToArray() ?? [],
        AttributeKind.Floats => attribute.Floats?.Select(x => (double)x).ToArray() ?? [],
        AttributeKind.Strings => attribute.Strings?.ToArray() ?? [],
        AttributeKind.Tensor when attribute.Tensor is { } tensor => reader.ReadTensor(tensor),
        AttributeKind.Graph when attribute.Graph is { } graph => reader.ReadGraph(graph),
        _ => null,
    };
}
