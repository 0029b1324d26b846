using Glia.Interchange.Onnx.Operators;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>A graph whose nodes are replaced by others: who makes a value, and how many use it.</summary>
internal sealed class GraphEditor
{
    private readonly Dictionary<string, Node> _makers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _uses = new(StringComparer.Ordinal);
    private int _names;

    public GraphEditor(Graph graph)
    {
        Graph = graph;
        foreach (var node in graph.Nodes)
            Note(node, 1);
        foreach (var output in graph.Outputs)
            Use(output, 1);
    }

    public Graph Graph { get; }

    /// <summary>Tries a rule at every node in order: it gives what takes the node's place, or null. Nodes that nobody uses afterwards are removed.</summary>
    public void Apply(Func<GraphEditor, Node, Node?> rule)
    {
        for (var i = 0; i < Graph.Nodes.Count; i++)
        {
            if (Try(rule, Graph.Nodes[i]) is not { } replacement)
                continue;
            Note(Graph.Nodes[i], -1);
            Graph.Nodes[i] = replacement;
            Note(replacement, 1);
        }
        Sweep();
    }

    // Shapes that do not fit together are told of when the node runs, if it ever does.
    private Node? Try(Func<GraphEditor, Node, Node?> rule, Node node)
    {
        try
        {
            return rule(this, node);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Removes nodes and constants that nobody uses.</summary>
    public void Sweep()
    {
        for (var i = Graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = Graph.Nodes[i];
            if (Array.Exists(node.Outputs, o => Uses(o) > 0))
                continue;
            Note(node, -1);
            Graph.Nodes.RemoveAt(i);
        }
        foreach (var name in Graph.Constants.Keys.Where(k => Uses(k) == 0).ToArray())
            Graph.Constants.Remove(name);
    }

    public Node? Maker(string name) => _makers.GetValueOrDefault(name);

    /// <summary>The maker of a node's input, if it is of an operator and nobody else uses what it makes.</summary>
    public Node? OnlyFor(Node node, int input, params ReadOnlySpan<string> opTypes)
    {
        var name = node.Input(input);
        return Uses(name) == 1 && Maker(name) is { } maker && maker.Outputs[0] == name && opTypes.Contains(maker.OpType) ? maker : null;
    }

    public int Uses(string name) => _uses.GetValueOrDefault(name);

    /// <summary>A value that never changes; null for others.</summary>
    public Tensor? Constant(string name) => Graph.Constants.GetValueOrDefault(name) is { IsKnown: true } value ? value.Tensor : null;

    /// <summary>The number that a value without axes always is; null for others, which may add axes to what they meet.</summary>
    public double? Number(string name) => Constant(name) is { Rank: 0 } tensor && tensor.DType != DType.Bool ? tensor.GetFlat(0) : null;

    /// <summary>A weight, whether it may be trained or not.</summary>
    public Tensor? Weight(string name) => Graph.Constants.GetValueOrDefault(name)?.Tensor;

    /// <summary>Puts a new value that never changes into the graph.</summary>
    public string Add(string like, Tensor tensor)
    {
        var name = $"{like}#{_names++}";
        while (Graph.Constants.ContainsKey(name) || _makers.ContainsKey(name))
            name = $"{like}#{_names++}";
        Graph.Constants.Add(name, Value.Of(tensor) with { IsKnown = true });
        return name;
    }

    public static Node Make(Node like, Operator op, string[] inputs, string[] outputs, Attributes attributes) => new()
    {
        Name = like.Name,
        OpType = op.Name,
        Operator = op,
        Opset = like.Opset,
        Inputs = inputs,
        Outputs = outputs,
        Attributes = attributes,
    };

    private void Note(Node node, int change)
    {
        foreach (var name in node.AllInputs())
            Use(name, change);
        foreach (var output in node.Outputs)
        {
            if (change > 0)
                _makers[output] = node;
            else if (_makers.GetValueOrDefault(output) == node)
                _makers.Remove(output);
        }
    }

    private void Use(string name, int change) => _uses[name] = Uses(name) + change;
}
