using System.Text.Json;

namespace Glia.Interchange;

/// <summary>The parsed header of a safetensors file. Once it exists, every entry's bytes are known to lie inside the file.</summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";
    public const int MaxLength = 100_000_000;
    public const int LengthBytes = 8;

    // The header's object, an entry's object, an entry's array.
    private const int MaxDepth = 3;
    private const int MaxQuotedLength = 80;

    private readonly string _source;
    private readonly long _dataLength;
    private bool _hasMetadata;

    private SafetensorsHeader(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        _source = source;
        _dataLength = dataLength;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        while (ReadKey(ref reader, out var name))
        {
            reader.Read();
            if (name == MetadataKey)
                ReadMetadata(ref reader);
            else if (!ByName.TryAdd(name, ReadEntry(ref reader, name)))
                throw Error($"the entry {Quote(name)} occurs twice; names must be unique.");
        }

        // Anything but white space after the closing brace is refused here.
        reader.Read();
        Entries = [.. ByName.Values.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteLength)];
        CheckCoverage();
    }

    public OrderedDictionary<string, string> Metadata { get; } = [];

    /// <summary>The entries in the order of their data.</summary>
    public WeightEntry[] Entries { get; }

    public Dictionary<string, WeightEntry> ByName { get; } = [];

    /// <summary>Checks the length in the first eight bytes against the file, so that it is safe to allocate the header.</summary>
    public static int CheckLength(ulong length, long fileLength, string source)
    {
        var available = fileLength - LengthBytes;
        if (length > (ulong)available)
        {
            throw Error(source, $"the header should be {length} bytes long but only {available} bytes follow its length; "
                + "the file is cut short or not in the safetensors format.");
        }

        if (length > MaxLength)
            throw Error(source, $"the header is {length} bytes long; at most {MaxLength} are allowed.");
        return (int)length;
    }

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string source)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
            throw Error(source, "the header does not begin with '{'; the file is damaged or not in the safetensors format.");
        try
        {
            return new SafetensorsHeader(json, dataLength, source);
        }
        catch (JsonException error)
        {
            throw Error(source, $"the header is not the JSON that the format prescribes: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            throw Error(source, "the header holds a text that is not valid Unicode.", error);
        }
    }

    public static SafetensorsException Error(string source, string problem, Exception? cause = null) => new($"{source}: {problem}", cause);

    /// <summary>A name from a file, made safe to print: quoted, shortened, without control characters.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length <= MaxQuotedLength ? text : text[..MaxQuotedLength] + "…";
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '\uFFFD' : c))}'";
    }

    private static bool ReadKey(ref Utf8JsonReader reader, out string key)
    {
        reader.Read();
        key = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : "";
        return reader.TokenType == JsonTokenType.PropertyName;
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (_hasMetadata)
            throw Error($"{MetadataKey} occurs twice.");
        _hasMetadata = true;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Error($"{MetadataKey} must be an object of texts.");
        while (ReadKey(ref reader, out var key))
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Error($"{MetadataKey} {Quote(key)} must be a text.");
            if (!Metadata.TryAdd(key, reader.GetString()!))
                throw Error($"{MetadataKey} {Quote(key)} occurs twice; keys must be unique.");
        }
    }

    private WeightEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Error($"the entry {Quote(name)} must be an object with dtype, shape and data_offsets.");
        SafetensorsDType? dtype = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (ReadKey(ref reader, out var key))
        {
            reader.Read();
            if (key is "dtype" && dtype is null)
                dtype = ReadDType(ref reader, name);
            else if (key is "shape" && shape is null)
                shape = ReadIntegers(ref reader, name, key);
            else if (key is "data_offsets" && offsets is null)
                offsets = ReadIntegers(ref reader, name, key);
            else
                throw Error($"the entry {Quote(name)} has the key {Quote(key)} twice or should not have it.");
        }

        if (dtype is not { } type || shape is null || offsets is null)
            throw Error($"the entry {Quote(name)} lacks one of dtype, shape and data_offsets.");
        return CheckEntry(name, type, shape, offsets);
    }

    private SafetensorsDType ReadDType(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw Error($"the dtype of {Quote(name)} must be a text.");
        var text = reader.GetString()!;
        return SafetensorsDTypes.TryParse(text, out var dtype)
            ? dtype
            : throw Error($"the dtype {Quote(text)} of {Quote(name)} is unknown; known are {SafetensorsDTypes.AllNames}.");
    }

    private long[] ReadIntegers(ref Utf8JsonReader reader, string name, string key)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Error($"the {key} of {Quote(name)} must be a list of integers.");
        var values = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < 0)
                throw Error($"the {key} of {Quote(name)} may hold only integers from 0 to {long.MaxValue}.");
            values.Add(value);
        }

        return [.. values];
    }

    private WeightEntry CheckEntry(string name, SafetensorsDType dtype, long[] shape, long[] offsets)
    {
        if (offsets is not [var begin, var end] || begin > end)
            throw Error($"the data_offsets of {Quote(name)} must be two numbers, begin and end, with begin ≤ end.");
        if (end > _dataLength)
        {
            throw Error($"the data of {Quote(name)} should end at byte {end} but the file holds {_dataLength} bytes of data; "
                + "the file is cut short or damaged.");
        }

        if (dtype.ByteLength(shape) != end - begin)
        {
            var expected = dtype.ByteLength(shape)?.ToString() ?? "too many";
            throw Error($"the data_offsets of {Quote(name)} span {end - begin} bytes but its shape and dtype need {expected}.");
        }

        return new WeightEntry(name, dtype, shape, begin, end - begin);
    }

    private void CheckCoverage()
    {
        long covered = 0;
        foreach (var entry in Entries)
        {
            if (entry.Offset != covered)
            {
                throw Error($"the data of {Quote(entry.Name)} begin at byte {entry.Offset} where {covered} was expected; "
                    + "entries must follow each other without holes or overlaps.");
            }

            covered += entry.ByteLength;
        }

        if (covered != _dataLength)
            throw Error($"{_dataLength - covered} bytes after the last entry belong to none; the file is damaged.");
    }

    private SafetensorsException Error(string problem) => Error(_source, problem);
}
