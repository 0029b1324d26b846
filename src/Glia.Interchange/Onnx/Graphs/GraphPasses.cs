namespace Glia.Interchange.Onnx.Graphs;

/// <summary>What is done to a graph before it runs.</summary>
internal static class GraphPasses
{
    /// <summary>Prepares a graph whose weights may change.</summary>
    public static void Prepare(Graph graph)
    {
    }

    /// <summary>A copy of a graph whose weights stay as they are.</summary>
    public static Graph ForInference(Graph graph)
    {
        var copy = graph.Copy();
        foreach (var (name, value) in graph.Constants)
            copy.Constants[name] = new Value(value.Tensor.Clone(), value.Type) { IsKnown = true };
        return copy;
    }
}
