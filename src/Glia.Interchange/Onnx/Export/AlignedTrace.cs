using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>The same operation in traces of several sizes.</summary>
internal sealed record AlignedNode(TracedNode[] Traced, AlignedValue?[] Inputs, AlignedValue[] Outputs, AlignedTrace? Body)
{
    public TracedNode First => Traced[0];
}

/// <summary>
/// One computation, traced with several sizes of batch and sequence: the operations are the same, one by one, and what differs between the traces follows from those sizes.
/// </summary>
internal sealed class AlignedTrace
{
    private readonly Dictionary<TracedValue, AlignedValue> _values;
    private readonly IReadOnlyList<Trace> _traces;

    public AlignedTrace(IReadOnlyList<Trace> traces)
        : this(traces, new(ReferenceEqualityComparer.Instance))
    {
    }

    private AlignedTrace(IReadOnlyList<Trace> traces, Dictionary<TracedValue, AlignedValue> values)
    {
        (_traces, _values) = (traces, values);
        if (traces.Any(t => t.Nodes.Count != traces[0].Nodes.Count || t.Outputs.Count != traces[0].Outputs.Count || t.Constants.Count != traces[0].Constants.Count))
            throw Mismatch("the number of operations");
        Problems = [.. traces.SelectMany(t => t.Problems).Distinct()];
        Inputs = [.. traces[0].Inputs.Select((_, i) => Add([.. traces.Select(t => t.Inputs[i])]))];
        for (var i = 0; i < traces[0].Constants.Count; i++)
            Add([.. traces.Select(t => t.Constants[i])]);
        var nodes = new List<AlignedNode>();
        for (var i = 0; i < traces[0].Nodes.Count; i++)
            nodes.Add(Align([.. traces.Select(t => t.Nodes[i])]));
        Nodes = nodes;
        Outputs = [.. traces[0].Outputs.Select((_, i) => Find([.. traces.Select(t => t.Outputs[i])])!)];
    }

    /// <summary>The number of traces.</summary>
    public int Count => _traces.Count;

    /// <summary>The same with another trace as the first, and no names.</summary>
    public AlignedTrace StartingAt(int first) => new([.. _traces.Skip(first), .. _traces.Take(first)]);

    /// <summary>What the traces do not show.</summary>
    public IReadOnlyList<string> Problems { get; }

    public IReadOnlyList<AlignedValue> Inputs { get; }

    public IReadOnlyList<AlignedNode> Nodes { get; }

    public IReadOnlyList<AlignedValue> Outputs { get; }

    private AlignedNode Align(TracedNode[] nodes)
    {
        var first = nodes[0];
        if (nodes.Any(n => n.What.GetType() != first.What.GetType() || n.Inputs.Length != first.Inputs.Length || n.Outputs.Length != first.Outputs.Length))
            throw Mismatch("an operation");
        AlignedValue?[] inputs = [.. first.Inputs.Select((_, i) => Find([.. nodes.Select(n => n.Inputs[i])]))];
        var body = first.Body is null ? null : new AlignedTrace([.. nodes.Select(n => n.Body!)], _values);
        return new(nodes, inputs, [.. first.Outputs.Select((_, i) => Add([.. nodes.Select(n => n.Outputs[i])]))], body);
    }

    private AlignedValue Add(TracedValue[] values)
    {
        if (Array.Exists(values, v => v.Shape.Rank != values[0].Shape.Rank || v.DType != values[0].DType))
            throw Mismatch("the number of axes of a result");
        return _values[values[0]] = new(values);
    }

    private AlignedValue? Find(TracedValue?[] values)
    {
        if (values[0] is not { } first)
            return Array.TrueForAll(values, v => v is null) ? null : throw Mismatch("an operand");
        // Parameters and buffers are met by name.
        if (first is { Name: not null, Constant: not null })
        {
            if (!Array.TrueForAll(values, v => v?.Name == first.Name && v.Constant is not null))
                throw Mismatch("a parameter");
            return _values.TryGetValue(first, out var known) ? known : Add(values!);
        }
        if (!_values.TryGetValue(first, out var value) || values.Where((v, k) => !ReferenceEquals(v, value.Traced[k])).Any())
            throw Mismatch("an operand");
        return value;
    }

    private static RefusedException Mismatch(string what) => new($"{what} changes with the size of the input");
}
