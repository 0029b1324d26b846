using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Glia.Layers;

namespace Glia.Interchange;

/// <summary>
/// A trained model as one safetensors file: weights, architecture, and whatever else is needed to use it (such as preprocessing) as text under names.
/// Any safetensors tool can read the weights. A prediction after saving and loading is bit-identical.
/// </summary>
public sealed class ModelFile
{
    private const string FormatKey = "glia.format";
    private const string FormatVersion = "1";
    private const string ArchitectureKey = "glia.architecture";
    private const string ExportKey = "glia.export";

    private static readonly string[] Reserved = [FormatKey, ArchitectureKey, ExportKey];

    static ModelFile() => OnnxLayer.Register();

    /// <summary>A model with extra text to be saved.</summary>
    /// <param name="network">The model.</param>
    /// <param name="metadata">Text under names of the caller's choice; names that begin with <c>glia.</c> are reserved.</param>
    public ModelFile(SequentialNetwork network, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        Network = network;
        Metadata = metadata ?? new Dictionary<string, string>();
        if (Metadata.Keys.FirstOrDefault(Reserved.Contains) is { } reserved)
            throw new ArgumentException($"The metadata name '{reserved}' is reserved.");
    }

    /// <summary>The model.</summary>
    public SequentialNetwork Network { get; }

    /// <summary>The extra text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Writes the file; a file of that name is replaced only when the new one is complete.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        var writer = new SafetensorsWriter();
        foreach (var (key, value) in Texts())
            writer.AddMetadata(key, value);
        foreach (var (name, tensor) in Network.StateDict())
            writer.Add(name, tensor);
        writer.Save(path);
    }

    /// <summary>
    /// Reads a file written by <see cref="Save"/>, or one in the ONNX format (its name ends in <c>.onnx</c>) that <see cref="OnnxExport.Of(ModelFile, OnnxExportOptions?)"/> made, with the weights that it holds.
    /// </summary>
    /// <exception cref="FormatException">The file is damaged, or is not a Glia model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            return Read(OnnxModel.Load(path));
        using var file = SafetensorsFile.Open(path);
        return Read(path, "safetensors", file.Metadata, file.Entries.Sum(e => e.Count), _ => file.Entries.ToDictionary(e => e.Name, e => file.ReadTensor(e.Name), StringComparer.Ordinal));
    }

    /// <summary>The model in an ONNX file that <see cref="OnnxExport.Of(ModelFile, OnnxExportOptions?)"/> made; null in one of another program, or of a module.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <exception cref="FormatException">The model's description in the file is damaged, or does not fit its weights.</exception>
    public static ModelFile? FromOnnx(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Metadata.ContainsKey(ArchitectureKey) ? Read(model) : null;
    }

    /// <summary>The options of an export that keeps what <see cref="Load"/> needs. The export's own texts are listed, since they are not the model's when it is read back.</summary>
    internal OnnxExportOptions WithTexts(OnnxExportOptions options)
    {
        var texts = new Dictionary<string, string>(options.Metadata, StringComparer.Ordinal);
        foreach (var (key, value) in Texts())
            texts[key] = value;
        JsonNode?[] added = [.. options.Metadata.Keys.Where(k => !Metadata.ContainsKey(k) && !Reserved.Contains(k)).Order(StringComparer.Ordinal).Select(k => JsonValue.Create(k))];
        if (added.Length > 0)
            texts[ExportKey] = new JsonArray(added).ToJsonString();
        return options with { Metadata = texts, KeepUnused = true };
    }

    /// <summary>All texts of the file: the architecture, and those of the caller in the order of their names.</summary>
    private IEnumerable<KeyValuePair<string, string>> Texts()
    {
        using var architecture = new MemoryStream();
        using (var json = new Utf8JsonWriter(architecture))
            Network.WriteArchitecture(json);
        return [new(FormatKey, FormatVersion), new(ArchitectureKey, Encoding.UTF8.GetString(architecture.ToArray())), .. Metadata.OrderBy(m => m.Key, StringComparer.Ordinal)];
    }

    /// <summary>The network's own tensors among those of the graph.</summary>
    private static Dictionary<string, Tensor> StateOf(SequentialNetwork network, OnnxModel model) => network.StateDict().Keys
        .Where(model.Graph.Constants.ContainsKey)
        .ToDictionary(name => name, name => model.Graph.Constants[name].Tensor, StringComparer.Ordinal);

    private static HashSet<string> NamesIn(string list)
    {
        using var json = JsonDocument.Parse(list);
        return json.RootElement.ValueKind == JsonValueKind.Array
            ? json.RootElement.EnumerateArray().Select(e => e.ToString()).ToHashSet(StringComparer.Ordinal)
            : throw new FormatException($"the text '{ExportKey}' is no list of names");
    }

    private static ModelFile Read(OnnxModel model) => Read(
        model.Source, "ONNX", model.Metadata, model.Tensors.Sum(t => t.Sizes!.Aggregate(1L, (n, s) => n * s.Size!.Value)), network => StateOf(network, model));

    private static ModelFile Read(string path, string kind, IReadOnlyDictionary<string, string> texts, long numbers, Func<SequentialNetwork, Dictionary<string, Tensor>> read)
    {
        if (!texts.TryGetValue(FormatKey, out var version) || !texts.TryGetValue(ArchitectureKey, out var architecture))
            throw new FormatException($"{path}: this {kind} file holds {(kind == "ONNX" ? "a model of another program. Run it with 'glia predict' or OnnxModule, or go on training it with 'glia train --from'" : "weights but no Glia model. Save models with ModelFile.Save, or with 'glia train'")}.");
        if (version != FormatVersion)
            throw new FormatException($"{path}: the model has format version {version}, but this version of Glia reads version {FormatVersion}. Use a newer Glia.");
        try
        {
            using var json = JsonDocument.Parse(architecture);
            var network = SequentialNetwork.ReadArchitecture(json.RootElement, numbers);
            network.LoadStateDict(read(network));
            var others = texts.TryGetValue(ExportKey, out var added) ? NamesIn(added) : [];
            var metadata = texts.Where(m => !Reserved.Contains(m.Key) && !others.Contains(m.Key)).ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
            return new ModelFile(network, metadata);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException and not SafetensorsException)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{path}: {e.Message}"), e);
        }
    }
}
