using System.Globalization;
using System.Text.Json;

namespace Glia.Interchange;

/// <summary>
/// Writes tensors as several safetensors files and an index. Each file is written whole or not at all, the index last, so that it names complete files only. Files are filled in
/// the order of adding; a tensor above the size that a file may have gets one of its own.
/// </summary>
public sealed class ShardedSafetensorsWriter
{
    private readonly List<(string Name, Tensor Tensor, SafetensorsDType DType, long Bytes)> _items = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly long _maxShardBytes;

    /// <summary>Creates a writer.</summary>
    /// <param name="maxShardBytes">How many bytes of tensors a file may have; 5 GB by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is not positive.</exception>
    public ShardedSafetensorsWriter(long maxShardBytes = 5_000_000_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxShardBytes);
        _maxShardBytes = maxShardBytes;
    }

    /// <summary>Adds a tensor; its elements are read when the files are written.</summary>
    /// <param name="name">Not added before.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="dtype">F16, BF16, F32 or F64 for a floating-point tensor, rounded to nearest; the tensor's own type by default.</param>
    /// <exception cref="ArgumentException">The name was added before, or the type does not fit.</exception>
    public void Add(string name, Tensor tensor, SafetensorsDType? dtype = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(tensor);
        var type = dtype ?? SafetensorsTensors.DTypeOf(tensor);
        // The writer of one file checks name and type; better now than when half of the files are written.
        AddTo(new SafetensorsWriter(), name, tensor, type);
        if (!_names.Add(name))
            throw new ArgumentException($"An entry {SafetensorsHeader.Quote(name)} was already added.", nameof(name));
        _items.Add((name, tensor, type, (long)tensor.Count * type.Size()));
    }

    /// <summary>Writes <c>NAME-00001-of-00002.safetensors</c> and so on, and <c>NAME.safetensors.index.json</c>.</summary>
    /// <param name="path">The index to create or replace, whose name ends in <c>.safetensors.index.json</c>; its folder must exist.</param>
    /// <returns>The paths of the files, the index last.</returns>
    /// <exception cref="ArgumentException">The name does not end so.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public IReadOnlyList<string> Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.EndsWith(ShardIndex.Suffix, StringComparison.Ordinal) || Path.GetFileName(path).Length == ShardIndex.Suffix.Length)
            throw new ArgumentException($"The name of an index ends in {ShardIndex.Suffix}, such as model{ShardIndex.Suffix}, but is '{path}'.", nameof(path));
        var shards = Divide();
        var stem = path[..^ShardIndex.Suffix.Length];
        var paths = Enumerable.Range(1, shards.Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{stem}-{i:d5}-of-{shards.Count:d5}.safetensors")).ToList();
        for (var i = 0; i < shards.Count; i++)
        {
            var writer = new SafetensorsWriter();
            foreach (var (name, tensor, dtype, _) in shards[i])
                AddTo(writer, name, tensor, dtype);
            writer.Save(paths[i]);
        }
        var places = shards.SelectMany((shard, i) => shard.Select(item => (item.Name, File: Path.GetFileName(paths[i])))).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        AtomicFile.Write(path, stream => WriteIndex(stream, places));
        return [.. paths, path];
    }

    private static void AddTo(SafetensorsWriter writer, string name, Tensor tensor, SafetensorsDType dtype)
    {
        if (dtype == SafetensorsTensors.DTypeOf(tensor))
            writer.Add(name, tensor);
        else
            writer.Add(name, tensor, dtype);
    }

    private List<List<(string Name, Tensor Tensor, SafetensorsDType DType, long Bytes)>> Divide()
    {
        var shards = new List<List<(string, Tensor, SafetensorsDType, long)>> { new() };
        long filled = 0;
        foreach (var item in _items)
        {
            if (shards[^1].Count > 0 && filled > _maxShardBytes - item.Bytes)
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(item);
            filled += item.Bytes;
        }
        return shards;
    }

    private void WriteIndex(Stream stream, List<(string Name, string File)> places)
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartObject("metadata");
        writer.WriteNumber("total_size", _items.Sum(i => i.Bytes));
        writer.WriteEndObject();
        writer.WriteStartObject("weight_map");
        foreach (var (name, file) in places)
            writer.WriteString(name, file);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
