namespace Glia.Interchange.Onnx.Graphs;

/// <summary>What is done to a graph before it runs: constants are computed, and patterns of nodes become one operation each.</summary>
internal static class GraphPasses
{
    /// <summary>Prepares a graph whose weights may change: nothing is computed of them beforehand.</summary>
    public static void Prepare(Graph graph)
    {
        ConstantFolding.Run(graph);
        var editor = new GraphEditor(graph);
        editor.Apply(PatternRules.LayerNorm);
        editor.Apply(PatternRules.Gelu);
        editor.Apply(ProductRules.Gemm);
        editor.Apply(ProductRules.Activation);
    }

    /// <summary>A copy of a graph whose weights stay as they are.</summary>
    public static Graph ForInference(Graph graph)
    {
        var copy = graph.Copy();
        foreach (var (name, value) in graph.Constants)
            copy.Constants[name] = value.IsKnown ? value : new Value(Own(value.Tensor), value.Type) { IsKnown = true };
        new GraphEditor(copy).Apply(InferenceRules.PassThrough);
        RenameAliases(copy);
        var editor = new GraphEditor(copy);
        editor.Apply(InferenceRules.Recurrent);
        ConstantFolding.Run(copy);
        editor = new GraphEditor(copy);
        editor.Apply(InferenceRules.BatchNormalization);
        editor.Apply(PatternRules.GroupNorm);
        editor.Apply(PatternRules.LayerNorm);
        editor.Apply(PatternRules.Gelu);
        editor.Apply(InferenceRules.TransposedProduct);
        editor.Apply(InferenceRules.Scale);
        editor.Apply(ProductRules.Gemm);
        editor.Apply(InferenceRules.Dense);
        editor.Apply(ProductRules.Activation);
        editor.Apply(InferenceRules.AddRelu);
        return copy;
    }

    private static Tensor Own(Tensor weight)
    {
        var own = Tensor.AllocatePersistent(weight.Shape, weight.DType, weight.Device);
        own.CopyFrom(weight);
        return own;
    }

    /// <summary>Takes nodes away that give their input as it is.</summary>
    private static void RenameAliases(Graph graph)
    {
        // Graphs inside a node, and the graph's outputs, know values by their names.
        if (graph.Nodes.Any(n => n.Attributes.Graphs.Any()))
            return;
        var outputs = graph.Outputs.ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var kept = new List<Node>(graph.Nodes.Count);
        foreach (var node in graph.Nodes)
        {
            var renamed = GraphEditor.Make(node, node.Operator, Array.ConvertAll(node.Inputs, n => names.GetValueOrDefault(n, n)), node.Outputs, node.Attributes);
            if (node.Operator == InferenceRules.Alias && !outputs.Contains(node.Outputs[0]))
                names[node.Outputs[0]] = renamed.Inputs[0];
            else
                kept.Add(renamed);
        }
        graph.Nodes.Clear();
        graph.Nodes.AddRange(kept);
    }
}
