using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Glia.Interchange;

/// <summary>
/// Collects tensors and writes them as one safetensors file. The same entries and metadata always give the same bytes: entries are ordered
/// by element type (see <see cref="SafetensorsDType"/>) and then by name, as other tools do.
/// </summary>
public sealed class SafetensorsWriter
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, (WeightEntry Entry, Action<Stream> Write)> _items = [];
    private readonly OrderedDictionary<string, string> _metadata = [];
    private long _dataLength;

    /// <summary>
    /// Whether the metadata begin with a checksum of the whole file, SHA-256 under the name <c>sha256</c>, by which <see cref="SafetensorsFile.VerifyChecksum"/> finds any
    /// damage; false by default.
    /// </summary>
    public bool HasChecksum { get; init; }

    /// <summary>Adds a text to the file's metadata; texts are written in the order in which they were added.</summary>
    /// <param name="key">Not added before.</param>
    /// <param name="value">Any text.</param>
    /// <exception cref="ArgumentException">The key was added before, or a text is not valid Unicode.</exception>
    public void AddMetadata(string key, string value)
    {
        CheckText(key, nameof(key));
        CheckText(value, nameof(value));
        if (HasChecksum && key == SafetensorsChecksum.Key)
            throw new ArgumentException($"The metadata key '{key}' is that of the checksum; choose another name.", nameof(key));
        if (!_metadata.TryAdd(key, value))
            throw new ArgumentException($"The metadata key {SafetensorsHeader.Quote(key)} was already added.", nameof(key));
    }

    /// <summary>Adds a tensor.</summary>
    /// <param name="name">Not added before, and not <c>__metadata__</c>.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="shape">The size of each axis, none negative; empty for a single number.</param>
    /// <param name="data">The elements, row-major and little-endian; not copied, so they must not change until the file is saved.</param>
    /// <exception cref="ArgumentException">The name was added before, or the length of the data does not match shape and type.</exception>
    public void Add(string name, SafetensorsDType dtype, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> data)
    {
        var entry = NewEntry(name, dtype, shape);
        if (data.Length != entry.ByteLength)
            throw new ArgumentException($"{entry} needs {entry.ByteLength} bytes but {data.Length} were given.", nameof(data));
        _items.Add(name, (entry, stream => stream.Write(data.Span)));
    }

    /// <summary>Adds a tensor whose bytes are written only when the file is saved, so that nothing is copied.</summary>
    /// <param name="name">Not added before, and not <c>__metadata__</c>.</param>
    /// <param name="dtype">The type of the elements.</param>
    /// <param name="shape">The size of each axis, none negative; empty for a single number.</param>
    /// <param name="write">Writes the elements, row-major and little-endian: exactly as many bytes as shape and type need.</param>
    /// <exception cref="ArgumentException">The name was added before, or the shape has a negative size or too many elements.</exception>
    public void Add(string name, SafetensorsDType dtype, ReadOnlySpan<long> shape, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        _items.Add(name, (NewEntry(name, dtype, shape), write));
    }

    /// <summary>Writes the file by <see cref="AtomicFile.Write"/>: it is complete, or the path is as it was.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A callback wrote too few or too many bytes, or the header exceeds 100 MB.</exception>
    public void Save(string path) => AtomicFile.Write(path, WriteTo);

    /// <summary>The bytes that <see cref="Save"/> writes.</summary>
    /// <exception cref="InvalidOperationException">As by <see cref="Save"/>.</exception>
    public byte[] ToArray()
    {
        using var stream = new MemoryStream();
        WriteTo(stream);
        return stream.ToArray();
    }

    private WeightEntry NewEntry(string name, SafetensorsDType dtype, ReadOnlySpan<long> shape)
    {
        CheckText(name, nameof(name));
        if (name == SafetensorsHeader.MetadataKey)
            throw new ArgumentException($"'{SafetensorsHeader.MetadataKey}' is reserved by the format; choose another name.", nameof(name));
        if (_items.ContainsKey(name))
            throw new ArgumentException($"An entry {SafetensorsHeader.Quote(name)} was already added.", nameof(name));
        if (!Enum.IsDefined(dtype))
            throw new ArgumentOutOfRangeException(nameof(dtype), $"{dtype} is not a type of the format.");
        var byteLength = dtype.ByteLength(shape);
        if (byteLength is null || byteLength > long.MaxValue - _dataLength)
        {
            throw new ArgumentException(
                $"The shape [{string.Join(", ", shape.ToArray())}] has a negative size or too many elements.", nameof(shape));
        }

        _dataLength += byteLength.Value;
        return new WeightEntry(name, dtype, shape.ToArray(), 0, byteLength.Value);
    }

    private static void CheckText(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        try
        {
            StrictUtf8.GetByteCount(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"{SafetensorsHeader.Quote(text)} is not valid Unicode.", parameter, error);
        }
    }

    private void WriteTo(Stream stream)
    {
        if (!HasChecksum)
        {
            WriteContent(stream);
            return;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var hashed = new SafetensorsChecksum.Writer(stream, hash))
            WriteContent(hashed);
        stream.Position = SafetensorsChecksum.Position;
        stream.Write(SafetensorsChecksum.Digits(hash.GetHashAndReset()));
        stream.Seek(0, SeekOrigin.End);
    }

    private void WriteContent(Stream stream)
    {
        var items = _items.Values
            .OrderByDescending(item => item.Entry.DType)
            .ThenBy(item => item.Entry.Name, StringComparer.Ordinal)
            .ToList();
        WriteHeader(stream, items.ConvertAll(item => item.Entry));
        foreach (var (entry, write) in items)
        {
            var start = stream.Position;
            write(stream);
            var written = stream.Position - start;
            if (written != entry.ByteLength)
                throw new InvalidOperationException($"{entry} needs {entry.ByteLength} bytes but its callback wrote {written}.");
        }
    }

    private void WriteHeader(Stream stream, List<WeightEntry> entries)
    {
        const int alignment = 8;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            WriteJson(writer, entries);
        var padding = (alignment - (json.WrittenCount % alignment)) % alignment;
        json.GetSpan(padding)[..padding].Fill((byte)' ');
        json.Advance(padding);
        if (json.WrittenCount > SafetensorsHeader.MaxLength)
        {
            throw new InvalidOperationException(
                $"Names and metadata take {json.WrittenCount} bytes; the format allows {SafetensorsHeader.MaxLength}.");
        }

        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.WrittenCount);
        stream.Write(length);
        stream.Write(json.WrittenSpan);
    }

    private void WriteJson(Utf8JsonWriter writer, List<WeightEntry> entries)
    {
        writer.WriteStartObject();
        if (_metadata.Count > 0 || HasChecksum)
        {
            writer.WriteStartObject(SafetensorsHeader.MetadataKey);
            if (HasChecksum)
                writer.WriteString(SafetensorsChecksum.Key, SafetensorsChecksum.Empty);
            foreach (var (key, value) in _metadata)
                writer.WriteString(key, value);
            writer.WriteEndObject();
        }

        long offset = 0;
        foreach (var entry in entries)
        {
            writer.WriteStartObject(entry.Name);
            writer.WriteString("dtype", entry.DType.FormatName());
            WriteIntegers(writer, "shape", entry.Shape);
            WriteIntegers(writer, "data_offsets", [offset, offset + entry.ByteLength]);
            writer.WriteEndObject();
            offset += entry.ByteLength;
        }

        writer.WriteEndObject();
    }

    private static void WriteIntegers(Utf8JsonWriter writer, string key, ReadOnlySpan<long> values)
    {
        writer.WriteStartArray(key);
        foreach (var value in values)
            writer.WriteNumberValue(value);
        writer.WriteEndArray();
    }
}
