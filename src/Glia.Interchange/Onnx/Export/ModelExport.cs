using Glia.Interchange.Onnx.Proto;
using Glia.Interchange.Protobuf;
using Glia.Layers;

namespace Glia.Interchange.Onnx.Export;

/// <summary>Makes the whole file: traces the model, writes its graph, and puts names, texts and versions around it.</summary>
internal static class ModelExport
{
    public static void RequireNames(Module module, IReadOnlyList<OnnxExportInput> inputs, IReadOnlyList<string> outputs)
    {
        if (inputs.Count == 0 || outputs.Count == 0)
            throw new ArgumentException($"An export expects at least one input and one output but got {inputs.Count} and {outputs.Count}.");
        var names = module.StateDict().Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var name in inputs.Select(i => i.Name).Concat(outputs))
        {
            if (string.IsNullOrWhiteSpace(name) || !names.Add(name))
                throw new ArgumentException($"The inputs and outputs of an export need names of their own, but '{name}' is {(string.IsNullOrWhiteSpace(name) ? "empty" : "taken")}. Choose another.");
        }
    }

    /// <summary>A layer that keeps its state would give other numbers at each call, and the file the same ones.</summary>
    public static void RequireStateless(Module module)
    {
        string[] stateful = [.. RecurrentAnalysis.LayersOf(module).Values.Where(layer => layer.IsStateful).Select(layer =>
            $"layer '{layer.Path}', {layer.GetType().Name} keeps its state from one call to the next, which a file cannot do. Make it without Stateful, or export a computation that takes the state as an input and gives it to Run(input, state)")];
        if (stateful.Length > 0)
            throw Refused(stateful);
    }

    public static ModelProto Write(
        Module module, IReadOnlyList<OnnxExportInput> inputs, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> compute, IReadOnlyList<string> outputs, OnnxExportOptions options, List<string> notes)
    {
        var sizes = new TraceSizes(module, inputs, compute, options);
        sizes.WarmUp();
        if (inputs.Any(i => i.SequenceName is not null))
        {
            string? reason = null;
            foreach (var direction in (ReadOnlySpan<int>)[1, -1])
            {
                // Where longer sequences are computed in another way, shorter ones do not help.
                if (direction < 0 && !sizes.IsLimited)
                    break;
                try
                {
                    var model = Write(module, inputs, sizes.Run(freeSequences: true, direction), outputs, options, freeSequences: true);
                    if (direction < 0)
                        notes.Add($"The number of steps is free up to that of the sample: {reason}");
                    return model;
                }
                catch (Exception e) when (e is RefusedException or OnnxException)
                {
                    reason ??= e.Message;
                }
            }
            notes.Add($"The number of steps is fixed: {reason}");
        }
        AlignedTrace trace;
        try
        {
            trace = sizes.Run(freeSequences: false, direction: 1);
        }
        catch (RefusedException e)
        {
            throw Refused([$"{e.Message}, as where a loop goes over the samples of a batch. Compute with tensor operations, or export with a fixed batch (BatchName = null)"]);
        }
        return Write(module, inputs, trace, outputs, options, freeSequences: false);
    }

    private static ModelProto Write(Module module, IReadOnlyList<OnnxExportInput> inputs, AlignedTrace trace, IReadOnlyList<string> outputs, OnnxExportOptions options, bool freeSequences)
    {
        if (trace.Outputs.Count != outputs.Count)
            throw new ArgumentException($"The computation gives {trace.Outputs.Count} outputs but {outputs.Count} names were given ({string.Join(", ", outputs)}).");
        var (writer, parameters, symbols, results) = Nodes(trace);
        for (var k = 1; k < trace.Count; k++)
            RequireSame(writer.Graph.Nodes, Nodes(trace.StartingAt(k)).Writer.Graph.Nodes);
        AddOutputs(writer, trace, results, outputs, symbols);
        Clean(writer, parameters, module, options);
        return Around(writer.Graph, options);

        (GraphWriter Writer, IReadOnlyDictionary<string, Tensor> Parameters, List<(int[] Sizes, string Name)> Symbols, IReadOnlyList<string> Results) Nodes(AlignedTrace trace)
        {
            var writer = new GraphWriter(options.OperatorSet);
            writer.Graph.Name = options.GraphName;
            foreach (var name in module.StateDict().Keys.Concat(outputs))
                writer.Unique(name);
            var export = new GraphExport(writer);
            var symbols = AddInputs(writer, export, inputs, trace, options, freeSequences);
            var results = export.Write(trace);
            return export.Refusals.Count + trace.Problems.Count == 0
                ? (writer, export.Parameters, symbols, results)
                : throw Refused([.. trace.Problems, .. export.Refusals]);
        }
    }

    /// <summary>Whichever size the nodes are written from, they must be the same: a setting that is not would stand still in the file.</summary>
    private static void RequireSame(List<NodeProto> nodes, List<NodeProto> others)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            if (i >= others.Count || !Bytes(nodes[i]).AsSpan().SequenceEqual(Bytes(others[i])))
                throw Refused([$"what operation {nodes[i].Name} does changes with the size of the input. Choose by tensor operations, such as Tensor.Where, or export with fixed sizes"]);
        }

        static byte[] Bytes(NodeProto node)
        {
            var writer = new ProtoWriter();
            node.Write(writer);
            return writer.Written.ToArray();
        }
    }

    private static List<(int[] Sizes, string Name)> AddInputs(
        GraphWriter writer, GraphExport export, IReadOnlyList<OnnxExportInput> inputs, AlignedTrace trace, OnnxExportOptions options, bool freeSequences)
    {
        var symbols = new List<(int[] Sizes, string Name)>();
        for (var i = 0; i < inputs.Count; i++)
        {
            var value = trace.Inputs[i];
            if (options.BatchName is { } batch)
                Add(value, 0, batch);
            if (freeSequences && inputs[i].SequenceName is { } sequence)
                Add(value, 1, sequence);
            var name = writer.Unique(inputs[i].Name);
            writer.Graph.Inputs.Add(GraphExport.Info(name, value, SymbolOf, inputs[i].FileType));
            value.Name = inputs[i].FileType is { } type && type != ElementTypes.Of(value.DType) ? MovementExport.Cast(writer, name, value.DType) : name;
        }
        for (var i = 0; i < inputs.Count; i++)
        {
            for (var axis = 0; axis < trace.Inputs[i].Rank; axis++)
            {
                if (!trace.Inputs[i].IsFixed(axis))
                    export.AddFree(trace.Inputs[i], axis, writer.Graph.Inputs[i].Name);
            }
        }
        return symbols;

        void Add(AlignedValue value, int axis, string name)
        {
            if (SymbolOf(value.Size(axis)) is null)
                symbols.Add((value.Size(axis), name));
        }

        string? SymbolOf(int[] sizes) => symbols.Find(s => s.Sizes.SequenceEqual(sizes)).Name;
    }

    private static void AddOutputs(GraphWriter writer, AlignedTrace trace, IReadOnlyList<string> results, IReadOnlyList<string> outputs, List<(int[] Sizes, string Name)> symbols)
    {
        var renamed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < outputs.Count; i++)
        {
            var (value, name) = (trace.Outputs[i], outputs[i]);
            // An input, a parameter, and what is an output already keep their names.
            if (writer.Graph.Nodes.Exists(n => n.OpType != "Constant" && n.Outputs.Contains(results[i])) && renamed.Add(name) && !outputs.Contains(results[i]))
                GraphCleaner.Rename(writer.Graph, results[i], name);
            else
                writer.Graph.Nodes.Add(Identity(writer, renamed.Contains(results[i]) ? results[i] : Current(results, outputs, i), name));
            writer.Graph.Outputs.Add(GraphExport.Info(name, value, sizes => symbols.Find(s => s.Sizes.SequenceEqual(sizes)) is { Name: { } symbol } ? symbol : null));
        }
    }

    /// <summary>The name that a result has by now: that of an earlier output, if it is the same value.</summary>
    private static string Current(IReadOnlyList<string> results, IReadOnlyList<string> outputs, int i)
    {
        for (var before = 0; before < i; before++)
        {
            if (results[before] == results[i])
                return outputs[before];
        }
        return results[i];
    }

    private static NodeProto Identity(GraphWriter writer, string value, string name)
    {
        var node = new NodeProto { OpType = "Identity", Name = writer.Unique($"/{name}/Identity") };
        node.Inputs.Add(value);
        node.Outputs.Add(name);
        return node;
    }

    private static void Clean(GraphWriter writer, IReadOnlyDictionary<string, Tensor> parameters, Module module, OnnxExportOptions options)
    {
        var used = GraphCleaner.RemoveUnused(writer.Graph);
        var kept = options.KeepUnused ? parameters.Concat(module.StateDict()).DistinctBy(p => p.Key) : parameters.Where(p => used.Contains(p.Key));
        foreach (var (name, tensor) in kept)
            writer.Initializer(name, tensor);
    }

    private static ModelProto Around(GraphProto graph, OnnxExportOptions options)
    {
        var model = new ModelProto
        {
            // The version of the format that came with the operators.
            IrVersion = options.OperatorSet switch
            {
                <= 18 => 8,
                <= 20 => 9,
                _ => 10,
            },
            ProducerName = "Glia",
            ProducerVersion = typeof(Tensor).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = graph,
        };
        model.OperatorSets.Add(new() { Version = options.OperatorSet });
        foreach (var (key, value) in options.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
            model.Metadata.Add(new() { Key = key, Value = value });
        return model;
    }

    public static OnnxException Refused(IReadOnlyList<string> reasons) =>
        new($"The model cannot be exported to ONNX: {string.Join("; ", reasons.Distinct())}.", [.. reasons.Distinct()]);
}
