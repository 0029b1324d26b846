namespace Glia.Interchange.Onnx.Graphs;

internal enum WeightRole
{
    /// <summary>Trained.</summary>
    Parameter,

    /// <summary>Saved, and changed by training otherwise than by its gradient: running statistics.</summary>
    Buffer,
}

/// <summary>Which initial values of a graph are weights: floating-point numbers of at least one axis that nodes compute with, rather than settings that are given as inputs.</summary>
internal static class WeightRoles
{
    /// <summary>The inputs of operators that hold settings.</summary>
    private static readonly Dictionary<string, int[]> Settings = new(StringComparer.Ordinal)
    {
        ["Clip"] = [1, 2],
        ["Pad"] = [1, 2, 3],
        ["Resize"] = [1, 2, 3],
        ["Upsample"] = [1],
        ["Dropout"] = [1, 2],
        ["Pow"] = [1],
        ["OneHot"] = [1, 2],
        ["Range"] = [0, 1, 2],
        ["QuantizeLinear"] = [1, 2],
        ["DequantizeLinear"] = [0, 1, 2],
        ["RoiAlign"] = [1, 2],
        ["STFT"] = [2],
        ["NegativeLogLikelihoodLoss"] = [2],
        ["SoftmaxCrossEntropyLoss"] = [2],
    };

    public static IReadOnlyList<(string Name, WeightRole Role)> Of(Graph graph)
    {
        var roles = new Dictionary<string, WeightRole>(StringComparer.Ordinal);
        var refused = new HashSet<string>(StringComparer.Ordinal);
        Visit(graph, roles, refused, graph.Constants);
        return [.. roles.Where(r => !refused.Contains(r.Key)).Select(r => (r.Key, r.Value))];
    }

    private static void Visit(Graph graph, Dictionary<string, WeightRole> roles, HashSet<string> refused, Dictionary<string, Value> constants)
    {
        foreach (var node in graph.Nodes)
        {
            for (var i = 0; i < node.Inputs.Length; i++)
            {
                if (!constants.TryGetValue(node.Inputs[i], out var value) || !value.Type.IsFloat() || value.Tensor.Rank == 0)
                    continue;
                if (Settings.GetValueOrDefault(node.OpType)?.Contains(i) == true)
                    refused.Add(node.Inputs[i]);
                else if (node.OpType == "BatchNormalization" && i >= 3)
                    roles[node.Inputs[i]] = WeightRole.Buffer;
                else
                    roles.TryAdd(node.Inputs[i], WeightRole.Parameter);
            }
            foreach (var inner in node.Attributes.Graphs)
                Visit(inner, roles, refused, constants);
        }
    }
}
