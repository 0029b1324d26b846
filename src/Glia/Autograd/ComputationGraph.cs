using System.Globalization;
using System.Text;
using Glia.Autograd;
using Glia.Layers;

namespace Glia;

/// <summary>
/// The recorded operations that a tensor was computed by, to be looked at: <c>ComputationGraph.Of(loss, model).ToMermaid()</c>. Nodes are in the order of
/// computation, inputs and parameters first met where they are used.
/// </summary>
public sealed class ComputationGraph
{
    private readonly List<ComputationNode> _nodes = [];
    private readonly Dictionary<Tensor, int> _indices = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, string> _names;

    private ComputationGraph(Module? model) => _names = NamesOf(model);

    /// <summary>The nodes, each after those it is computed from.</summary>
    public IReadOnlyList<ComputationNode> Nodes => _nodes;

    /// <summary>The graph behind a tensor.</summary>
    /// <param name="result">A tensor computed by recorded operations.</param>
    /// <param name="model">The model whose parameters are to be shown by their full names; optional.</param>
    public static ComputationGraph Of(Tensor result, Module? model = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var graph = new ComputationGraph(model);
        foreach (var tensor in Ordered(result))
            graph.Add(tensor);
        return graph;
    }

    /// <summary>One line per node: <c>%4 = MatMul(%1, %2) (32, 10) Float32</c>.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var node in _nodes)
        {
            var inputs = string.Join(", ", node.Inputs.Select(i => string.Create(CultureInfo.InvariantCulture, $"%{i}")));
            text.Append(CultureInfo.InvariantCulture, $"%{node.Index} = {node.Name}{(node.IsLeaf ? "" : $"({inputs})")} {node.Shape} {node.DType}\n");
        }
        return text.ToString();
    }

    /// <summary>A Mermaid flow chart.</summary>
    public string ToMermaid()
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (var node in _nodes)
        {
            var label = $"\"{node.Name}<br/>{node.Shape}\"";
            text.Append(CultureInfo.InvariantCulture, $"  n{node.Index}{(node.IsLeaf ? $"([{label}])" : $"[{label}]")}\n");
            foreach (var input in node.Inputs)
                text.Append(CultureInfo.InvariantCulture, $"  n{input} --> n{node.Index}\n");
        }
        return text.ToString();
    }

    /// <summary>A graph in the DOT language of Graphviz.</summary>
    public string ToDot()
    {
        var text = new StringBuilder("digraph computation {\n");
        foreach (var node in _nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  n{node.Index} [shape={(node.IsLeaf ? "ellipse" : "box")}, label=\"{node.Name}\\n{node.Shape}\"];\n");
            foreach (var input in node.Inputs)
                text.Append(CultureInfo.InvariantCulture, $"  n{input} -> n{node.Index};\n");
        }
        return text.Append("}\n").ToString();
    }

    /// <summary>What was computed on the way to a tensor, in order.</summary>
    internal static IEnumerable<Tensor> Computed(Tensor result) => Ordered(result).Where(t => !t.IsLeaf);

    private void Add(Tensor tensor)
    {
        if (_indices.ContainsKey(tensor))
            return;
        int[] inputs = tensor.Creator is { } creator ? [.. creator.Inputs.Select(i => _indices[i])] : [];
        var name = tensor.Creator?.Name ?? _names.GetValueOrDefault(tensor) ?? (tensor is Parameter parameter ? parameter.Name : tensor.RequiresGrad ? "variable" : "input");
        _indices[tensor] = _nodes.Count;
        _nodes.Add(new ComputationNode(_nodes.Count, name, tensor.Shape, tensor.DType, inputs, tensor.IsLeaf));
    }

    /// <summary>Every tensor behind the result, operations in the order they were recorded, leaves before their first use; without recursion.</summary>
    private static IEnumerable<Tensor> Ordered(Tensor result)
    {
        var operations = new HashSet<Operation>(ReferenceEqualityComparer.Instance);
        var pending = new Stack<Tensor>([result]);
        while (pending.TryPop(out var tensor))
        {
            if (tensor.Creator is not { } creator || !operations.Add(creator))
                continue;
            foreach (var input in creator.Inputs)
                pending.Push(input);
        }
        foreach (var operation in operations.OrderBy(o => o.Sequence))
        {
            foreach (var leaf in operation.Inputs.Where(i => i.IsLeaf))
                yield return leaf;
            yield return operation.Output!;
        }
        yield return result;
    }

    private static Dictionary<Tensor, string> NamesOf(Module? model)
    {
        var names = new Dictionary<Tensor, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, tensor) in model?.StateDict() ?? new Dictionary<string, Tensor>())
            names[tensor] = name;
        return names;
    }
}

/// <summary>A node of a <see cref="ComputationGraph"/>: an operation with its result, or a leaf.</summary>
/// <param name="Index">Its place in the order of computation.</param>
/// <param name="Name">The operation's name, or the leaf's.</param>
/// <param name="Shape">The shape of the result.</param>
/// <param name="DType">The type of the result.</param>
/// <param name="Inputs">The nodes that it is computed from.</param>
/// <param name="IsLeaf">Whether it was made by hand rather than computed.</param>
public sealed record ComputationNode(int Index, string Name, Shape Shape, DType DType, IReadOnlyList<int> Inputs, bool IsLeaf);
