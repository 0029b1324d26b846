using Glia.Interchange.Onnx.Operators;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>A graph that is ready to run: every node's operator is known, and every value is made before it is used.</summary>
internal sealed class Graph
{
    public required string Name { get; init; }

    public List<Node> Nodes { get; init; } = [];

    public List<OnnxTensorInfo> Inputs { get; init; } = [];

    public List<string> Outputs { get; init; } = [];

    /// <summary>What the file says of the outputs.</summary>
    public List<OnnxTensorInfo> OutputInfos { get; init; } = [];

    /// <summary>Initial values, and what was computed of them beforehand.</summary>
    public Dictionary<string, Value> Constants { get; init; } = new(StringComparer.Ordinal);

    /// <summary>A copy whose lists can be changed without changing this graph's.</summary>
    public Graph Copy() => new()
    {
        Name = Name,
        Nodes = [.. Nodes],
        Inputs = [.. Inputs],
        Outputs = [.. Outputs],
        OutputInfos = OutputInfos,
        Constants = new(Constants, StringComparer.Ordinal),
    };

    /// <summary>The names of values that this graph's nodes, and those of graphs inside them, take from outside.</summary>
    public IEnumerable<string> OuterNames()
    {
        var own = new HashSet<string>(Constants.Keys, StringComparer.Ordinal);
        own.UnionWith(Inputs.Select(i => i.Name));
        foreach (var node in Nodes)
        {
            foreach (var name in node.AllInputs())
            {
                if (!own.Contains(name))
                    yield return name;
            }
            own.UnionWith(node.Outputs);
        }
        foreach (var output in Outputs.Where(o => !own.Contains(o)))
            yield return output;
    }
}

/// <summary>One application of an operator.</summary>
internal sealed class Node
{
    public required string Name { get; init; }

    public required string OpType { get; init; }

    public required Operator Operator { get; init; }

    /// <summary>The version of the operator set.</summary>
    public required int Opset { get; init; }

    /// <summary>The names of the inputs; empty for one that is left out.</summary>
    public required string[] Inputs { get; init; }

    /// <summary>The names of the outputs; empty for one that nobody wants.</summary>
    public required string[] Outputs { get; init; }

    public Attributes Attributes { get; init; } = new();

    public string Input(int i) => i < Inputs.Length ? Inputs[i] : "";

    /// <summary>Its inputs, and what the graphs among its settings take from outside.</summary>
    public IEnumerable<string> AllInputs() => Inputs.Where(n => n.Length > 0).Concat(Attributes.Graphs.SelectMany(g => g.OuterNames()));

    public override string ToString() => Describe(Name, OpType, Opset);

    public static string Describe(string name, string opType, long opset) => $"node '{OnnxText.Shorten(name)}' ({OnnxText.Shorten(opType)}, opset {opset})";
}

/// <summary>Texts from a file, made safe to print.</summary>
internal static class OnnxText
{
    private const int Longest = 80;

    public static string Shorten(string text)
    {
        var shown = text.Length <= Longest ? text : text[..Longest] + "…";
        return string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c));
    }
}
