using System.Text.Json;

namespace Glia.Interchange;

/// <summary>The index of a sharded safetensors file: which tensor lies in which file beside it.</summary>
internal sealed class ShardIndex
{
    public const string Suffix = ".safetensors.index.json";

    private const int MaxLength = SafetensorsHeader.MaxLength;
    private const int MaxShards = 1000;
    private const int MaxDepth = 16;
    private const string MapKey = "weight_map";
    private const string MetadataKey = "metadata";

    private readonly string _source;

    private ShardIndex(ReadOnlySpan<byte> json, string source)
    {
        _source = source;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Error("it is not a JSON object.");
        var hasMap = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (key == MapKey && !hasMap)
            {
                hasMap = true;
                ReadMap(ref reader);
            }
            else if (key == MapKey)
            {
                throw Error($"{MapKey} occurs twice.");
            }
            else if (key == MetadataKey && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMetadata(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
        reader.Read();
        if (!hasMap)
            throw Error($"it has no {MapKey}, which says where each tensor lies.");
    }

    /// <summary>The name of the file that holds each tensor.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The names of the files, in the order of the index.</summary>
    public List<string> Shards { get; } = [];

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads an index.</summary>
    /// <exception cref="SafetensorsException">It breaks the format, or names files elsewhere than beside it.</exception>
    public static ShardIndex Read(FileBytes bytes, string source)
    {
        if (bytes.Length > MaxLength)
            throw SafetensorsHeader.Error(source, $"it is {bytes.Length} bytes long; an index has at most {MaxLength}.");
        try
        {
            return new ShardIndex(bytes.Read(0, bytes.Length), source);
        }
        catch (JsonException cause)
        {
            throw SafetensorsHeader.Error(source, $"the index is not the JSON that the format prescribes: {cause.Message}", cause);
        }
        catch (InvalidOperationException cause)
        {
            throw SafetensorsHeader.Error(source, "the index holds a text that is not valid Unicode.", cause);
        }
    }

    private void ReadMap(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Error($"{MapKey} must be an object of file names.");
        var shards = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Error($"the place of {SafetensorsHeader.Quote(name)} must be the name of a file.");
            var file = reader.GetString()!;
            if (shards.Add(file))
            {
                CheckName(file, name);
                Shards.Add(file);
            }
            if (Shards.Count > MaxShards)
                throw Error($"it names more than {MaxShards} files.");
            if (!Files.TryAdd(name, file))
                throw Error($"the tensor {SafetensorsHeader.Quote(name)} occurs twice; names must be unique.");
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType is JsonTokenType.String)
                Metadata[key] = reader.GetString()!;
            else if (reader.TokenType is JsonTokenType.Number)
                Metadata[key] = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
            else
                reader.Skip();
        }
    }

    private void CheckName(string file, string tensor)
    {
        if (file.Length == 0 || file is "." or ".." || file.AsSpan().ContainsAny("/\\:\0") || Path.IsPathRooted(file))
        {
            throw Error($"the tensor {SafetensorsHeader.Quote(tensor)} should lie in {SafetensorsHeader.Quote(file)}; only files beside the index are read, by their plain names, "
                + "without folders, '..' and absolute paths.");
        }
    }

    private SafetensorsException Error(string problem) => SafetensorsHeader.Error(_source, problem);
}
