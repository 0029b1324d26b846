using Glia.Interchange.Onnx.Operators;
using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange.Onnx.Graphs;

/// <summary>Checks the graph of a file, and makes it ready to run. What is broken is refused at once; what Glia does not have is gathered.</summary>
internal sealed class GraphReader(IReadOnlyDictionary<string, long> operatorSets, TensorReader tensors)
{
    private readonly Dictionary<string, (string First, int Count)> _missing = new(StringComparer.Ordinal);
    private readonly Stack<HashSet<string>> _scopes = new();

    /// <summary>What Glia does not have, once each, with the first node that needs it.</summary>
    public IReadOnlyList<string> Missing => [.. _missing.Select(m => $"{m.Value.First}{(m.Value.Count > 1 ? $" and {m.Value.Count - 1} more" : "")}: {m.Key}")];

    public void Miss(string where, string what)
    {
        var (first, count) = _missing.GetValueOrDefault(what, (where, 0));
        _missing[what] = (first, count + 1);
    }

    /// <summary>A tensor of the file; null when there is no such element type in Glia.</summary>
    public Value? ReadTensor(TensorProto proto)
    {
        if (proto.Type.IsSupported())
            return tensors.Read(proto) with { IsKnown = true };
        Miss($"tensor '{OnnxText.Shorten(proto.Name)}'", $"element type {ElementTypes.NameOf(proto.Type)} is not supported");
        return null;
    }

    public Graph ReadGraph(GraphProto proto)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        _scopes.Push(names);
        var graph = new Graph { Name = proto.Name };
        if (proto.SparseInitializers > 0)
            Miss($"graph '{OnnxText.Shorten(proto.Name)}'", "sparse initial values are not supported");
        foreach (var tensor in proto.Initializers)
        {
            if (tensor.Name.Length == 0 || !names.Add(tensor.Name))
                throw new OnnxException($"the initial value '{OnnxText.Shorten(tensor.Name)}' has no name, or one that is taken");
            if (ReadTensor(tensor) is { } value)
                graph.Constants.Add(tensor.Name, value);
        }
        var inputs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in proto.Inputs)
        {
            // Old files list initial values among the inputs.
            if (input.Name.Length == 0 || !inputs.Add(input.Name))
                throw new OnnxException($"the input '{OnnxText.Shorten(input.Name)}' has no name, or one that is taken");
            if (names.Add(input.Name))
                graph.Inputs.Add(InfoOf(input, "input"));
        }
        foreach (var node in proto.Nodes)
        {
            if (Read(node, graph.Nodes.Count, names) is { } known)
                graph.Nodes.Add(known);
        }
        foreach (var output in proto.Outputs)
        {
            if (!_scopes.Any(s => s.Contains(output.Name)))
                throw new OnnxException($"the output '{OnnxText.Shorten(output.Name)}' is not computed by any node");
            graph.Outputs.Add(output.Name);
            graph.OutputInfos.Add(InfoOf(output, "output"));
        }
        if (graph.Outputs.Distinct(StringComparer.Ordinal).Count() != graph.Outputs.Count && _scopes.Count == 1)
            throw new OnnxException("two outputs have one name");
        _scopes.Pop();
        return graph;
    }

    /// <summary>What is known of a value.</summary>
    public OnnxTensorInfo InfoOf(ValueInfoProto info, string what)
    {
        if (info.Type?.Other is { } other)
            Miss($"{what} '{OnnxText.Shorten(info.Name)}'", $"{other} is not supported; tensors are");
        var type = info.Type?.Tensor?.Element ?? OnnxElementType.Undefined;
        if (type != OnnxElementType.Undefined && !type.IsSupported())
            Miss($"{what} '{OnnxText.Shorten(info.Name)}'", $"element type {ElementTypes.NameOf(type)} is not supported");
        return Describe(info);
    }

    public static OnnxTensorInfo Describe(ValueInfoProto info)
    {
        var tensor = info.Type?.Tensor;
        return new(info.Name, tensor?.Element ?? OnnxElementType.Undefined, tensor?.Shape?.Dims.Select(d => new OnnxSize(d.Size is >= 0 ? d.Size : null, d.Symbol)).ToArray());
    }

    private Node? Read(NodeProto proto, int index, HashSet<string> names)
    {
        var name = NameOf(proto, index);
        var isOwn = OperatorTable.IsOwnDomain(proto.Domain);
        var domain = isOwn ? "" : proto.Domain;
        if (!operatorSets.TryGetValue(domain, out var opset) && isOwn)
            throw new OnnxException($"node '{OnnxText.Shorten(name)}' ({OnnxText.Shorten(proto.OpType)}) belongs to ONNX's own operators, but the file does not say which version of them");
        var where = Node.Describe(name, isOwn ? proto.OpType : $"{proto.Domain}.{proto.OpType}", opset);
        foreach (var input in proto.Inputs)
        {
            if (input.Length > 0 && !_scopes.Any(s => s.Contains(input)))
                throw new OnnxException($"{where}: its input '{OnnxText.Shorten(input)}' is not computed by any node before it; nodes must be in order, without cycles");
        }
        var known = isOwn ? OperatorTable.Find(proto.OpType) : null;
        var attributes = ReadAttributes(proto, where);
        if (known is null)
            Miss(where, isOwn ? $"operator {OnnxText.Shorten(proto.OpType)} is not supported" : $"operator {OnnxText.Shorten(proto.OpType)} of domain '{OnnxText.Shorten(proto.Domain)}' is not supported");
        else
            Check(known, proto, attributes, where, opset);
        foreach (var output in proto.Outputs)
        {
            if (output.Length > 0 && !names.Add(output))
                throw new OnnxException($"{where}: its output '{OnnxText.Shorten(output)}' has a name that is taken; each value is computed once");
        }
        return known is null ? null : new Node
        {
            Name = name,
            OpType = proto.OpType,
            Operator = known,
            Opset = (int)opset,
            Inputs = [.. proto.Inputs],
            Outputs = [.. proto.Outputs],
            Attributes = attributes,
        };
    }

    private Attributes ReadAttributes(NodeProto proto, string where)
    {
        var attributes = new Attributes();
        foreach (var attribute in proto.Attributes)
        {
            if (attribute.Reference.Length > 0)
            {
                Miss(where, "attributes that refer to those of a function are not supported");
                continue;
            }
            if (Attributes.ValueOf(attribute, this) is not { } value)
                Miss(where, $"attribute '{OnnxText.Shorten(attribute.Name)}' holds {attribute.Kind}, which is not supported");
            else if (!attributes.TryAdd(attribute.Name, value))
                throw new OnnxException($"{where}: the attribute '{OnnxText.Shorten(attribute.Name)}' is given twice");
        }
        return attributes;
    }

    private void Check(Operator known, NodeProto proto, Attributes attributes, string where, long opset)
    {
        if (opset < known.Since)
            Miss(where, $"operator {known.Name} belongs to versions from {known.Since} on");
        var (fewest, most) = known.InputRange;
        if (proto.Inputs.Count < fewest || proto.Inputs.Count > most || proto.Inputs.Take(fewest).Any(i => i.Length == 0 && known.Name != "Loop"))
            throw new OnnxException($"{where}: it takes {(most == int.MaxValue ? $"{fewest} or more" : fewest == most ? $"{fewest}" : $"{fewest} to {most}")} inputs but has {proto.Inputs.Count(i => i.Length > 0)}");
        if (proto.Outputs.Count == 0)
            throw new OnnxException($"{where}: it has no output");
        foreach (var name in attributes.Names)
        {
            if (known.ProblemOf(attributes, name) is { } problem)
                Miss(where, $"{known.Name}: {problem}");
        }
        if (known.Name == "Cast" && (!attributes.Has("to") || attributes.KindOf("to") == 'i') && (OnnxElementType)attributes.Int("to", 0) is var to && !to.IsSupported())
            Miss(where, $"Cast: element type {ElementTypes.NameOf(to)} is not supported");
    }

    /// <summary>A node's name; its operator and place where it has none.</summary>
    public static string NameOf(NodeProto proto, int index) => proto.Name.Length > 0 ? proto.Name : $"{proto.OpType}_{index}";
}
