namespace Glia.Interchange;

/// <summary>
/// Safetensors files that hold one set of tensors together, with the index that says where each lies (<c>model.safetensors.index.json</c>). Shards lie beside the index under
/// plain names; a missing one, a tensor that is not where the index says, and one that occurs twice are refused by name.
/// </summary>
public sealed class ShardedSafetensorsFile : WeightFile
{
    private readonly ShardIndex _index;
    private readonly List<SafetensorsFile> _shards = [];
    private readonly List<WeightEntry> _entries = [];
    private readonly Dictionary<string, WeightEntry> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<WeightEntry, SafetensorsFile> _shardOf = new(ReferenceEqualityComparer.Instance);

    private ShardedSafetensorsFile(string path, FileBytes bytes)
        : base(path)
    {
        _index = ShardIndex.Read(bytes, path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            foreach (var name in _index.Shards)
                Add(OpenShard(folder, name), name);
            if (_index.Files.Keys.FirstOrDefault(name => !_byName.ContainsKey(name)) is { } missing)
                throw Error($"the tensor {SafetensorsHeader.Quote(missing)} is not in {SafetensorsHeader.Quote(_index.Files[missing])}, where the index says it lies.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string Format => "safetensors in shards";

    /// <summary>The texts and numbers of the index, such as <c>total_size</c>.</summary>
    public override IReadOnlyDictionary<string, string> Metadata => _index.Metadata;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightEntry> Entries => _entries;

    /// <summary>The names of the files that hold the tensors, beside the index.</summary>
    public IReadOnlyList<string> Shards => _index.Shards;

    internal override IReadOnlyDictionary<string, WeightEntry> ByName => _byName;

    /// <summary>Opens an index and all files that it names. Dispose the result to close them.</summary>
    /// <param name="path">The index.</param>
    /// <exception cref="SafetensorsException">The index or a shard breaks the format, or they do not fit together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading a file is not permitted.</exception>
    public static new ShardedSafetensorsFile Open(string path)
    {
        using var bytes = FileBytes.Open(path, "the index of a sharded safetensors file", (problem, cause) => SafetensorsHeader.Error(path, problem, cause));
        return new ShardedSafetensorsFile(path, bytes);
    }

    /// <inheritdoc/>
    public override void Dispose() => _shards.ForEach(s => s.Dispose());

    internal override void ReadAt(WeightEntry entry, long offset, Span<byte> destination) => _shardOf[entry].ReadAt(entry, offset, destination);

    internal override SafetensorsException Error(string problem, Exception? cause = null) => SafetensorsHeader.Error(Source, problem, cause);

    private SafetensorsFile OpenShard(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
            throw Error($"{SafetensorsHeader.Quote(name)} is a link, and links are not followed. Copy the file itself beside the index.");
        if (!file.Exists)
            throw Error($"the file {SafetensorsHeader.Quote(name)} that the index names is missing beside it.");
        return SafetensorsFile.Open(path);
    }

    private void Add(SafetensorsFile shard, string name)
    {
        _shards.Add(shard);
        foreach (var entry in shard.Entries)
        {
            var place = _index.Files.GetValueOrDefault(entry.Name)
                ?? throw Error($"{SafetensorsHeader.Quote(name)} holds the tensor {SafetensorsHeader.Quote(entry.Name)}, which the index does not know.");
            if (place != name)
                throw Error($"{SafetensorsHeader.Quote(name)} holds the tensor {SafetensorsHeader.Quote(entry.Name)}, which lies in {SafetensorsHeader.Quote(place)} as the index says.");
            _byName.Add(entry.Name, entry);
            _entries.Add(entry);
            _shardOf.Add(entry, shard);
        }
    }
}
