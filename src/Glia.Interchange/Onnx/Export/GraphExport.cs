using Glia.Interchange.Onnx.Proto;
using Glia.Ops;
using Glia.Tracing;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Writes the graph of a traced computation, and gathers all that ONNX has no words for.</summary>
internal sealed class GraphExport
{
    private static readonly Dictionary<Type, Action<NodeExport>> Table = new()
    {
        [typeof(ReshapeOperation)] = MovementExport.Reshape,
        [typeof(BroadcastToOperation)] = MovementExport.BroadcastTo,
        [typeof(SliceOperation)] = MovementExport.Slice,
        [typeof(ConcatOperation)] = MovementExport.Concat,
        [typeof(PermuteOperation)] = MovementExport.Permute,
        [typeof(PadCall)] = MovementExport.Pad,
        [typeof(CastOperation)] = MovementExport.Cast,
        [typeof(CumulativeSumOperation)] = MovementExport.CumulativeSum,
        [typeof(CompareCall)] = MovementExport.Compare,
        [typeof(WhereCall)] = MovementExport.Where,
        [typeof(LookupCall)] = MovementExport.Lookup,
        [typeof(IndexSelectOperation)] = MovementExport.IndexSelect,
        [typeof(GatherOperation)] = MovementExport.Gather,
        [typeof(OneHotCall)] = MovementExport.OneHot,
        [typeof(ReduceCall)] = ReductionExport.Reduce,
        [typeof(MeanCall)] = ReductionExport.Mean,
        [typeof(VarianceCall)] = ReductionExport.Variance,
        [typeof(ArgExtremeCall)] = ReductionExport.ArgExtreme,
        [typeof(EmptyRowsCall)] = ReductionExport.EmptyRows,
        [typeof(SoftmaxOperation)] = ReductionExport.Softmax,
        [typeof(MatMulCall)] = ReductionExport.MatMul,
        [typeof(DenseCall)] = ReductionExport.Dense,
        [typeof(ConvCall)] = WindowExport.Convolution,
        [typeof(MaxPoolOperation)] = WindowExport.MaxPool,
        [typeof(AveragePoolOperation)] = WindowExport.AveragePool,
        [typeof(GlobalMaxCall)] = WindowExport.GlobalMax,
        [typeof(UpSampleCall)] = WindowExport.UpSample,
        [typeof(BatchNormCall)] = NormalizationExport.BatchNorm,
        [typeof(LayerNormCall)] = NormalizationExport.LayerNorm,
        [typeof(GroupNormCall)] = NormalizationExport.GroupNorm,
        [typeof(AttentionOperation)] = AttentionExport.Attention,
        [typeof(CausalMaskCall)] = AttentionExport.CausalMask,
        [typeof(PositionTableCall)] = AttentionExport.PositionTable,
        [typeof(RecurrentCall)] = RecurrentExport.Recurrent,
    };

    private readonly GraphWriter _root;
    private readonly SizeFinder _sizes = new();
    private readonly Dictionary<AlignedValue, int> _constants = [];

    public GraphExport(GraphWriter root) => _root = root;

    /// <summary>The parameters and buffers that nodes take, in the order of their first use.</summary>
    public OrderedDictionary<string, Tensor> Parameters { get; } = new(StringComparer.Ordinal);

    /// <summary>The operations and calls that have an export of their own; formulas have theirs by what they are made of.</summary>
    public static IEnumerable<Type> Exported => [.. Table.Keys, typeof(ScanCall)];

    /// <summary>Everything that cannot be said, with the layer and the operation.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>What an operation gives that no operator does.</summary>
    public static RefusedException NoOperator() => new("ONNX has no operator for it. Compute the same with other tensor operations");

    /// <summary>Name, type and sizes of a value; free sizes without a name when there are no symbols for them.</summary>
    public static ValueInfoProto Info(string name, AlignedValue value, Func<int[], string?>? symbolOf, OnnxElementType? type = null)
    {
        var shape = new ShapeProto();
        for (var axis = 0; axis < value.Rank; axis++)
        {
            var sizes = value.Size(axis);
            shape.Dims.Add(AlignedValue.IsSame(sizes) ? new() { Size = sizes[0] } : new() { Symbol = symbolOf?.Invoke(sizes) });
        }
        return new() { Name = name, Type = new() { Tensor = new() { Element = type ?? ElementTypes.Of(value.DType), Shape = shape } } };
    }

    /// <summary>Makes a free axis of an input known.</summary>
    public void AddFree(AlignedValue input, int axis, string name) => _sizes.AddFree(_root, input, axis, name);

    /// <summary>Writes the nodes; the inputs have their names.</summary>
    /// <returns>The names of the results.</returns>
    public IReadOnlyList<string> Write(AlignedTrace trace) => Write(_root, trace);

    private string[] Write(GraphWriter graph, AlignedTrace trace)
    {
        foreach (var node in trace.Nodes)
            Write(graph, node);
        graph.Path = "";
        return [.. trace.Outputs.Select(o => TryName(graph, o) ?? "")];
    }

    private void Write(GraphWriter graph, AlignedNode node)
    {
        graph.Path = node.First.Path ?? "";
        try
        {
            var export = new NodeExport(graph, _sizes, value => NameOf(graph, value), node);
            if (node.First.What is IFormulaOperation)
                FormulaExport.Export(export);
            else if (node.First.What is ScanCall)
                RecurrentExport.Scan(export, Write);
            else if (Table.TryGetValue(node.First.What.GetType(), out var write))
                write(export);
            else
                throw NoOperator();
        }
        catch (RefusedException e)
        {
            var layer = node.First.Path is { Length: > 0 } path ? $"layer '{path}', operation" : "operation";
            Refusals.Add($"{layer} {node.First.Name}: {e.Message}");
        }
        foreach (var output in node.Outputs)
            output.Name ??= "";
    }

    private string? TryName(GraphWriter graph, AlignedValue value)
    {
        try
        {
            return NameOf(graph, value);
        }
        catch (RefusedException e)
        {
            Refusals.Add($"a result: {e.Message}");
            return null;
        }
    }

    private string NameOf(GraphWriter graph, AlignedValue value)
    {
        if (value.Name is not null)
            return value.Name;
        if (value.First is { Name: { } parameter, Constant: { } numbers })
        {
            Parameters.TryAdd(parameter, numbers);
            return value.Name = parameter;
        }
        _constants.TryAdd(value, _constants.Count);
        return graph.Once($"constant {_constants[value]}", () => ConstantName(graph, value));
    }

    /// <summary>Numbers that are the same in all traces are a constant; one number in a shape that is not becomes a constant of that shape.</summary>
    private string ConstantName(GraphWriter graph, AlignedValue value)
    {
        var first = value.First.Constant!;
        if (value.IsFixed())
        {
            if (!value.Traced.All(t => Enumerable.Range(0, first.Count).All(i => BitConverter.DoubleToInt64Bits(t.Constant!.GetFlat(i)) == BitConverter.DoubleToInt64Bits(first.GetFlat(i)))))
            {
                throw new RefusedException(
                    "numbers that it takes are made by the program, and are others each time: they are drawn at random, or read from an input or from its size. Compute them with tensor operations");
            }
            return first.Rank == 0 ? graph.Scalar(first.Item(), value.DType) : graph.Constant(first);
        }
        if (value.Uniform() is not { } number)
            throw new RefusedException("a table that it takes is made by the program for each size of the input. Compute it with tensor operations, or export with fixed sizes");
        var shape = _sizes.Shape(graph, [.. Enumerable.Range(0, value.Rank).Select(value.Size)]);
        return graph.Node("Expand", [graph.Scalar(number, value.DType), shape]);
    }
}
