using Glia.Interchange.Onnx.Operators;
using Glia.Interchange.Onnx.Proto;

namespace Glia.Interchange;

/// <summary>
/// An ONNX file: its graph to be looked at, and the way to a module that runs it.
/// <code>
/// var model = OnnxModel.Load("lenet.onnx");
/// var module = model.ToModule();   // or, in one step, OnnxModule.Load("lenet.onnx")
/// </code>
/// A file that uses operators which Glia does not have can be looked at all the same; <see cref="Missing"/> lists what they are.
/// </summary>
public sealed class OnnxModel
{
    private readonly GraphProto _graph;

    private OnnxModel(ModelProto proto, string source, TensorReader tensors)
    {
        Proto = proto;
        Source = source;
        _graph = proto.Graph ?? throw new OnnxException("it has no graph; the file is damaged or not in the ONNX format");
        OperatorSets = ReadOperatorSets(proto);
        Metadata = ReadMetadata(proto);
        var reader = new GraphReader(OperatorSets, tensors);
        if (OperatorSets.TryGetValue("", out var opset) && opset is < OperatorTable.OldestOpset or > OperatorTable.NewestOpset)
            reader.Miss("the file", $"version {opset} of ONNX's operators is not supported; {OperatorTable.OldestOpset} to {OperatorTable.NewestOpset} are");
        if (proto.Functions > 0)
            reader.Miss("the file", "functions that a file defines for itself are not supported");
        Graph = reader.ReadGraph(_graph);
        Missing = reader.Missing;
    }

    /// <summary>The file's path, or what else its errors begin with.</summary>
    public string Source { get; }

    /// <summary>The version of each set of operators that is used; ONNX's own has the empty name.</summary>
    public IReadOnlyDictionary<string, long> OperatorSets { get; }

    /// <summary>The version of the format.</summary>
    public long FormatVersion => Proto.IrVersion;

    /// <summary>The program that wrote the file, with its version.</summary>
    public string Producer => $"{Proto.ProducerName} {Proto.ProducerVersion}".Trim();

    /// <summary>The name of the graph.</summary>
    public string Name => _graph.Name;

    /// <summary>Texts that the file carries along.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What a run is given, in order; initial values are not among them.</summary>
    public IReadOnlyList<OnnxTensorInfo> Inputs => Graph.Inputs;

    /// <summary>What a run gives, in order.</summary>
    public IReadOnlyList<OnnxTensorInfo> Outputs => Graph.OutputInfos;

    /// <summary>The initial values, such as weights.</summary>
    public IReadOnlyList<OnnxTensorInfo> Tensors =>
        [.. _graph.Initializers.Select(t => new OnnxTensorInfo(t.Name, t.Type, t.Dims.Select(d => new OnnxSize(d, null)).ToArray()))];

    /// <summary>The nodes in the order of their computation.</summary>
    public IReadOnlyList<OnnxNode> Nodes => [.. _graph.Nodes.Select(Describe)];

    /// <summary>Everything that the file needs and Glia does not have, with the node, its operator and version; empty when it can be run.</summary>
    public IReadOnlyList<string> Missing { get; }

    internal ModelProto Proto { get; }

    internal Graph Graph { get; }

    /// <summary>Reads a file, and numbers in files beside it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="OnnxException">The file is damaged, breaks the format, or refers to numbers elsewhere than beside it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileInfo(path);
        if (file.Exists && file.Length > Array.MaxLength)
            throw new OnnxException($"{path}: it is larger than {Array.MaxLength} bytes, which the format does not allow; larger models keep their numbers in files beside them.");
        return Read(File.ReadAllBytes(path), path, new TensorReader(Path.GetDirectoryName(Path.GetFullPath(path))));
    }

    /// <summary>Reads a file from memory, which must not change afterwards.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What errors begin with.</param>
    /// <exception cref="OnnxException">The bytes are damaged or break the format.</exception>
    public static OnnxModel Read(ReadOnlyMemory<byte> bytes, string source = "the model") => Read(bytes, source, new TensorReader(folder: null));

    /// <summary>Reads a graph whose weights are elsewhere; they are zeros until they are given.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="count">How many numbers there are elsewhere.</param>
    internal static OnnxModel ReadWithoutWeights(ReadOnlyMemory<byte> bytes, long count) => Read(bytes, "the graph", new TensorReader(folder: null, count));

    /// <summary>The model as a module that runs, trains further and saves.</summary>
    /// <exception cref="OnnxException">The file needs what Glia does not have; all of it is listed.</exception>
    public OnnxModule ToModule() => new(this);

    internal OnnxException Error(string problem, Exception? cause = null) => new($"{Source}: {problem}", cause);

    internal void RequireSupported()
    {
        if (Missing.Count > 0)
            throw new OnnxException($"{Source}: it needs what Glia does not have: {string.Join("; ", Missing)}.", Missing);
    }

    private static OnnxModel Read(ReadOnlyMemory<byte> bytes, string source, TensorReader tensors)
    {
        try
        {
            var proto = new ModelProto();
            proto.Read(bytes, depth: 0);
            return new OnnxModel(proto, source, tensors);
        }
        catch (OnnxException error)
        {
            throw new OnnxException($"{source}: {error.Message}{(error.Message.EndsWith('.') ? "" : ".")}", error);
        }
        catch (Exception error) when (error is ArgumentException or OverflowException or InvalidOperationException)
        {
            throw new OnnxException($"{source}: {error.Message}", error);
        }
    }

    private static Dictionary<string, long> ReadOperatorSets(ModelProto proto)
    {
        var sets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var set in proto.OperatorSets)
        {
            var domain = OperatorTable.IsOwnDomain(set.Domain) ? "" : set.Domain;
            if (!sets.TryAdd(domain, set.Version))
                throw new OnnxException($"the version of the operators of '{OnnxText.Shorten(domain)}' is given twice");
        }
        return sets;
    }

    private static Dictionary<string, string> ReadMetadata(ModelProto proto)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in proto.Metadata)
            metadata[entry.Key] = entry.Value;
        return metadata;
    }

    private static OnnxNode Describe(NodeProto node, int index)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var attribute in node.Attributes)
            settings[attribute.Name] = Show(attribute);
        return new(GraphReader.NameOf(node, index), node.OpType, node.Domain, node.Inputs, node.Outputs, settings);
    }

    private static string Show(AttributeProto attribute) => attribute.Kind switch
    {
        AttributeKind.Int => Text(attribute.Int),
        AttributeKind.Float => Text(attribute.Float),
        AttributeKind.String => System.Text.Encoding.UTF8.GetString(attribute.String.Span),
        AttributeKind.Ints => $"[{string.Join(", ", attribute.Ints ?? [])}]",
        AttributeKind.Floats => $"[{string.Join(", ", (attribute.Floats ?? []).Select(f => Text(f)))}]",
        AttributeKind.Strings => $"[{string.Join(", ", attribute.Strings ?? [])}]",
        AttributeKind.Tensor => $"{attribute.Tensor?.Type} [{string.Join(", ", attribute.Tensor?.Dims ?? [])}]",
        AttributeKind.Graph => $"graph of {attribute.Graph?.Nodes.Count} nodes",
        var kind => kind.ToString(),
    };

    private static string Text(IFormattable value) => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
