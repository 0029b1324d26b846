using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Onnx.Export;

/// <summary>What is done to a graph when all is written: nodes that nobody needs go, and results get their names.</summary>
internal static class GraphCleaner
{
    /// <summary>Removes nodes whose results are not used, here and in graphs inside nodes.</summary>
    public static HashSet<string> RemoveUnused(GraphProto graph)
    {
        var used = graph.Outputs.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            var node = graph.Nodes[i];
            if (!node.Outputs.Exists(used.Contains))
            {
                graph.Nodes.RemoveAt(i);
                continue;
            }
            used.UnionWith(node.Inputs);
            foreach (var inner in node.Attributes.Select(a => a.Graph).OfType<GraphProto>())
                used.UnionWith(RemoveUnused(inner));
        }
        return used;
    }

    /// <summary>Gives a value another name, wherever it is met.</summary>
    public static void Rename(GraphProto graph, string name, string other)
    {
        foreach (var node in graph.Nodes)
        {
            Replace(node.Inputs, name, other);
            Replace(node.Outputs, name, other);
            foreach (var inner in node.Attributes.Select(a => a.Graph).OfType<GraphProto>())
                Rename(inner, name, other);
        }
    }

    private static void Replace(List<string> names, string name, string other)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == name)
                names[i] = other;
        }
    }
}
