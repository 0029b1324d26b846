using Glia.Interchange.Onnx.Operators;
using Glia.Layers;
using Glia.Replay;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>One run of a graph: the values by name, those of the graph around it, and the nodes one after the other.</summary>
/// <param name="graph">The graph.</param>
/// <param name="context">Training or inference.</param>
/// <param name="outer">The run of the graph around it; null for the outermost.</param>
/// <param name="path">What the random numbers of a training step depend on.</param>
internal sealed class Execution(Graph graph, ForwardContext context, Execution? outer = null, string path = "")
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    public ForwardContext Context => context;

    public string Path => path;

    public Value? Find(string name) =>
        _values.GetValueOrDefault(name) ?? graph.Constants.GetValueOrDefault(name) ?? outer?.Find(name);

    public void Set(string name, Value value) => _values[name] = value;

    /// <summary>Runs all nodes and gives the graph's outputs.</summary>
    public Value[] Run(Action<Node, Value[]>? watch = null)
    {
        foreach (var node in graph.Nodes)
        {
            var outputs = Run(node);
            for (var i = 0; i < Math.Min(outputs.Length, node.Outputs.Length); i++)
            {
                if (node.Outputs[i].Length > 0)
                    _values[node.Outputs[i]] = outputs[i];
            }
            watch?.Invoke(node, outputs);
        }
        return [.. graph.Outputs.Select(name => Find(name) ?? throw new OnnxException($"output '{OnnxText.Shorten(name)}' was not computed"))];
    }

    /// <summary>Runs a graph inside a node of this one, such as a branch.</summary>
    public Value[] RunInner(Graph inner, IReadOnlyList<Value> inputs)
    {
        if (inner.Inputs.Count != inputs.Count)
            throw new OnnxException($"graph '{OnnxText.Shorten(inner.Name)}' takes {inner.Inputs.Count} inputs but is given {inputs.Count}");
        var run = new Execution(inner, context, this, path);
        for (var i = 0; i < inputs.Count; i++)
            run.Set(inner.Inputs[i].Name, inputs[i]);
        return run.Run();
    }

    private Value[] Run(Node node)
    {
        var inputs = Array.ConvertAll(node.Inputs, name => name.Length == 0 ? null : Find(name) ?? throw new OnnxException($"{node}: input '{OnnxText.Shorten(name)}' was not computed"));
        var call = new NodeCall(node, inputs, this);
        try
        {
            var isKnown = node.Operator.Has(OperatorTraits.OfShapes)
                || (!node.Operator.Has(OperatorTraits.Varies) && Array.TrueForAll(inputs, i => i?.IsKnown != false) && !node.Attributes.Graphs.Any());
            if (!isKnown)
                return node.Operator.Run(call);
            // The same at every run of a recording, and so no part of it.
            var outputs = Recorder.Fixed(call, static c => c.Node.Operator.Run(c));
            return Array.ConvertAll(outputs, o => o with { IsKnown = true });
        }
        catch (Exception error) when (error is not OnnxException and not OutOfMemoryException)
        {
            throw new OnnxException($"{node}: {error.Message}", error);
        }
    }
}
