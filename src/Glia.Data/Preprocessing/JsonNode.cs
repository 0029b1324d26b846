using System.Text;
using System.Text.Json;

namespace Glia.Data;

/// <summary>A JSON object read strictly: what is missing or of another kind is reported by its path.</summary>
internal readonly struct JsonNode
{
    private readonly JsonElement _element;
    private readonly string _file;
    private readonly string _path;

    private JsonNode(JsonElement element, string file, string path)
    {
        _element = element;
        _file = file;
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
            throw Error("", "an object");
    }

    /// <summary>Writes <c>{"format": …, "version": …, …}</c>.</summary>
    public static string Write(string format, int version, Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("format", format);
            writer.WriteNumber("version", version);
            content(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static T Read<T>(string json, string file, string format, int version, Func<JsonNode, T> content)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new DataFormatException(file, "this is not well-formed JSON.", e.LineNumber + 1, null, e);
        }

        using (document)
        {
            try
            {
                return ReadRoot(document.RootElement);
            }
            catch (InvalidOperationException e)
            {
                // A text with half of a pair of surrogates.
                throw new DataFormatException(file, $"the JSON holds what is no text: {e.Message}", innerException: e);
            }
        }

        T ReadRoot(JsonElement element)
        {
            var root = new JsonNode(element, file, "");
            var found = root.Text("format");
            if (found != format)
                throw new DataFormatException(file, $"expected the format '{format}', found '{found}'.");

            var foundVersion = root.Number("version");
            if (foundVersion != version)
            {
                throw new DataFormatException(
                    file, $"{format} version {Column.FormatNumber(foundVersion)} is unknown; this program reads version {version}.");
            }

            return content(root);
        }
    }

    public string Text(string name) => Get(name, JsonValueKind.String, "a text").GetString()!;

    public double Number(string name) => ToFinite(Get(name, JsonValueKind.Number, "a number"), name);

    public double PositiveNumber(string name) => Number(name) is > 0 and var number ? number : throw Error(name, "a positive number");

    public int Count(string name) =>
        Number(name) is >= 1 and <= int.MaxValue and var number && number == Math.Floor(number)
            ? (int)number
            : throw Error(name, "a positive integer");

    public bool Flag(string name) => Get(name, JsonValueKind.Undefined, "true or false").ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error(name, "true or false"),
    };

    /// <summary>A list of different texts.</summary>
    public string[] Texts(string name)
    {
        var texts = new List<string>();
        foreach (var item in Get(name, JsonValueKind.Array, "a list of texts").EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String)
                throw Error(name, "a list of texts");
            texts.Add(item.GetString()!);
        }

        return texts.Distinct(StringComparer.Ordinal).Count() == texts.Count ? [.. texts] : throw Error(name, "a list of different texts");
    }

    public double[] Numbers(string name)
    {
        var numbers = new List<double>();
        foreach (var item in Get(name, JsonValueKind.Array, "a list of numbers").EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number)
                throw Error(name, "a list of numbers");
            numbers.Add(ToFinite(item, name));
        }

        return [.. numbers];
    }

    public IEnumerable<JsonNode> Objects(string name)
    {
        var (file, path) = (_file, PathOf(name));
        var items = Get(name, JsonValueKind.Array, "a list of objects").EnumerateArray();
        return items.Select((item, i) => new JsonNode(item, file, $"{path}[{i}]"));
    }

    public DataFormatException Error(string name, string expected)
    {
        var path = PathOf(name);
        var subject = path.Length > 0 ? $"'{path}' to be " : "";
        return new DataFormatException(_file, $"expected {subject}{expected}; the file is damaged or of another kind.");
    }

    private JsonElement Get(string name, JsonValueKind kind, string expected) =>
        _element.TryGetProperty(name, out var value) && (kind == JsonValueKind.Undefined || value.ValueKind == kind)
            ? value
            : throw Error(name, expected);

    private double ToFinite(JsonElement element, string name) =>
        element.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Error(name, "finite");

    private string PathOf(string name) => _path.Length == 0 ? name : name.Length == 0 ? _path : $"{_path}.{name}";
}
