namespace Glia.Interchange.Onnx.Export;

/// <summary>An operation of a trace on its way into a graph: the graph, the operands under their names, and the results to be named.</summary>
internal sealed class NodeExport(GraphWriter graph, SizeFinder sizes, Func<AlignedValue, string> nameOf, AlignedNode node)
{
    public GraphWriter Graph => graph;

    public SizeFinder Sizes => sizes;

    public AlignedNode Node => node;

    public object What => node.First.What;

    public DType DType => node.Outputs[0].DType;

    public int Inputs => node.Inputs.Length;

    /// <summary>The operation in each trace, for settings that may differ.</summary>
    public IEnumerable<T> All<T>() => node.Traced.Select(n => (T)n.What);

    public bool Has(int i) => i < node.Inputs.Length && node.Inputs[i] is not null;

    public AlignedValue Value(int i) => node.Inputs[i]!;

    /// <summary>The name of an operand; null for one that was left out.</summary>
    public string? Name(int i) => Has(i) ? nameOf(Value(i)) : null;

    public AlignedValue Output(int i = 0) => node.Outputs[i];

    /// <summary>The name of any value that was met before.</summary>
    public string NameOf(AlignedValue value) => nameOf(value);

    public void Set(string name, int output = 0) => node.Outputs[output].Name = name;

    /// <summary>A node of one result that takes the operands as they are.</summary>
    public string Emit(string op, params Proto.AttributeProto[] attributes) => graph.Node(op, [.. Enumerable.Range(0, Inputs).Select(Name)], attributes);

    /// <summary>A setting that must be the same for every size of the input.</summary>
    public T Same<T>(Func<Tracing.TracedNode, T> setting, string what)
    {
        var first = setting(node.First);
        return node.Traced.All(n => EqualityComparer<T>.Default.Equals(setting(n), first))
            ? first
            : throw new RefusedException($"{what} follows from the size of the input. Compute it from what is fixed, or export with fixed sizes");
    }
}
