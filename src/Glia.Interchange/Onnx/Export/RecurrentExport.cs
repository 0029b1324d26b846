using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Recurrent cells over a sequence: by the operators RNN, LSTM and GRU, else step by step.</summary>
internal static class RecurrentExport
{
    /// <summary>
    /// The operators go by time first and stack their gates in an order of their own: an LSTM's i, f, g, o become i, o, f, c, a GRU's r, z, n become z, r, h. The weights stay as they are in the
    /// file, and their blocks are put in order by nodes that depend on nothing else.
    /// </summary>
    public static void Recurrent(NodeExport node)
    {
        var graph = node.Graph;
        var call = (RecurrentCall)node.What;
        int[] gates = call.Kind switch
        {
            "LSTM" => [0, 3, 1, 2],
            "GRU" => [1, 0, 2],
            _ => [0],
        };
        var hidden = node.Value(2).First.Shape[1];
        var x = graph.Node("Transpose", [node.Name(0)], Attribute.Of("perm", [1, 0, 2]));
        string?[] inputs =
        [
            x, Directed(Ordered(node.Name(1)!)), Directed(Ordered(node.Name(2)!)), Biases(), null, State(3), State(4), call.Kind == "LSTM" && node.Has(6) ? Peepholes() : null,
        ];
        List<Proto.AttributeProto> attributes = [Attribute.Of("hidden_size", hidden), Attribute.Of("direction", call.IsReverse ? "reverse" : "forward")];
        if (call.Kind == "GRU")
            attributes.Add(Attribute.Of("linear_before_reset", 1));
        if (call.Activation != "Tanh")
        {
            var own = call.Activation == "ReLU" ? "Relu" : call.Activation;
            attributes.Add(Attribute.Of("activations", call.Kind == "LSTM" ? ["Sigmoid", "Tanh", own] : [own]));
        }
        var results = graph.Nodes(call.Kind, call.Kind == "LSTM" ? 3 : 2, inputs, [.. attributes]);
        var sequence = graph.Node("Squeeze", [results[0], graph.Int64(1)]);
        node.Set(graph.Node("Transpose", [sequence], Attribute.Of("perm", [1, 0, 2])), 0);
        for (var i = 1; i < results.Length; i++)
            node.Set(graph.Node("Squeeze", [results[i], graph.Int64(0)]), i);

        string Ordered(string blocks)
        {
            if (gates.Length == 1)
                return blocks;
            var parts = graph.Nodes("Split", gates.Length, [blocks, graph.Int64([.. Enumerable.Repeat((long)hidden, gates.Length)])], Attribute.Of("axis", 0));
            return graph.Node("Concat", [.. gates.Select(g => parts[g])], Attribute.Of("axis", 0));
        }

        string Directed(string value) => graph.Node("Unsqueeze", [value, graph.Int64(0)]);

        // The bias of the input and that of the state; of the latter only the GRU's proposal has one, which the reset gate multiplies.
        string? Biases()
        {
            if (!node.Has(5))
                return null;
            string Zeros(int blocks) => graph.Constant(Tensor.Zeros(blocks * hidden, node.DType), $"zeros {blocks * hidden} {node.DType}");
            string?[] parts = call.Kind == "GRU" && node.Has(6)
                ? [Ordered(node.Name(5)!), Zeros(2), node.Name(6)]
                : [Ordered(node.Name(5)!), Zeros(gates.Length)];
            return Directed(graph.Node("Concat", parts, Attribute.Of("axis", 0)));
        }

        string? State(int i) => !node.Has(i) || node.Value(i).Uniform() == 0 ? null : Directed(node.Name(i)!);

        // Those of i, f, o become i, o, f.
        string Peepholes()
        {
            var parts = graph.Nodes("Split", 3, [node.Name(6), graph.Int64(hidden, hidden, hidden)], Attribute.Of("axis", 0));
            return Directed(graph.Node("Concat", [parts[0], parts[2], parts[1]], Attribute.Of("axis", 0)));
        }
    }

    public static void Scan(NodeExport node, Func<GraphWriter, AlignedTrace, IReadOnlyList<string>> writeBody)
    {
        var call = (ScanCall)node.What;
        var body = node.Node.Body!;
        var inner = node.Graph.Inner();
        inner.Graph.Name = inner.Unique(node.Graph.Path.Length == 0 ? "step" : $"{node.Graph.Path}.step");
        foreach (var value in body.Inputs)
            value.Name = inner.Unique($"{inner.Graph.Name}/{value.First.Name}");
        // States come first in a body; in the trace they follow the step.
        AlignedValue[] given = [.. body.Inputs.Skip(1), body.Inputs[0]];
        foreach (var value in given)
            inner.Graph.Inputs.Add(GraphExport.Info(value.Name!, value, null));
        var outputs = writeBody(inner, body);
        for (var i = 0; i < outputs.Count; i++)
        {
            // A result of a body must be made in it, and each under a name of its own.
            var name = inner.Node("Identity", [outputs[i]]);
            inner.Graph.Outputs.Add(GraphExport.Info(name, body.Outputs[i], null));
        }
        string?[] operands = [.. Enumerable.Range(1, node.Inputs - 1).Select(node.Name), node.Name(0)];
        List<Proto.AttributeProto> attributes = [Attribute.Of("body", inner.Graph), Attribute.Of("num_scan_inputs", 1)];
        if (call.IsReverse)
            attributes.AddRange([Attribute.Of("scan_input_directions", [1]), Attribute.Of("scan_output_directions", [1])]);
        var results = node.Graph.Nodes("Scan", node.Inputs, operands, [.. attributes]);
        node.Set(results[^1], 0);
        for (var i = 1; i < results.Length; i++)
            node.Set(results[i - 1], i);
    }
}
