using System.Buffers.Binary;
using Glia.Interchange.PyTorch;

namespace Glia.Interchange;

/// <summary>
/// A file of <c>torch.save</c> for reading: the archive that PyTorch writes since 1.6, or the older format. It must hold tensors in dictionaries and lists, such as a state
/// dictionary or a checkpoint; nested ones get names joined by dots. Nothing in the file is run: its pickle may use a short list of opcodes and names, and is refused by name
/// otherwise.
/// </summary>
public sealed class PyTorchFile : WeightFile
{
    private const string PickleName = "data.pkl";
    private const long MaxPickleLength = 100_000_000;

    /// <summary>How much larger than in the archive a compressed pickle may be; PyTorch compresses nothing.</summary>
    private const int MaxPickleRatio = 16;

    /// <summary>
    /// How many times the bytes of its file all tensors may have, beyond a few megabytes: layers that share their weights have a name each, and elements may be repeated.
    /// </summary>
    private const int MaxSharing = 32;
    private const long AlwaysAllowed = 4 << 20;

    /// <summary>How many times its bytes are read for all tensors: a thousand columns of a matrix, each of which lies all over it.</summary>
    private const int MaxReading = 1024;

    /// <summary>How much of a file of the older format is searched for its pickles, which come first.</summary>
    private const long MaxOldPickles = 64L << 20;
    private const string OldMagic = "6cfc9c46f9206aa85019";
    private const long OldProtocol = 1001;

    private readonly FileBytes _bytes;
    private readonly ZipReader? _zip;
    private readonly LastRead _last = new();
    private readonly LastRead _inflated = new();
    private readonly Dictionary<string, WeightEntry> _byName = new(StringComparer.Ordinal);
    private readonly List<WeightEntry> _entries = [];
    private readonly PickleTree _tree;
    private readonly bool _isBigEndian;
    private long _bytesLeft;
    private long _readingLeft;

    private PyTorchFile(string source, FileBytes bytes)
        : base(source)
    {
        _bytes = bytes;
        Dictionary<string, ZipEntry> storages;
        if (ZipSignature.Begins(bytes))
        {
            _zip = new ZipReader(bytes, Error);
            (_tree, storages) = ReadArchive(_zip, out _isBigEndian);
        }
        else
        {
            (_tree, storages) = ReadOld(out _isBigEndian);
        }
        (_bytesLeft, _readingLeft) = (AlwaysAllowed + (MaxSharing * bytes.Length), AlwaysAllowed + (MaxReading * bytes.Length));
        foreach (var (name, tensor) in _tree.Tensors)
            Add(name, tensor, storages);
    }

    /// <inheritdoc/>
    public override string Format => _zip is null ? "PyTorch (before 1.6)" : "PyTorch";

    /// <summary>Numbers and texts beside the tensors, such as <c>epoch</c>; the first 200.</summary>
    public override IReadOnlyDictionary<string, string> Metadata => _tree.Texts;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightEntry> Entries => _entries;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Parts => _tree.Parts;

    internal override IReadOnlyDictionary<string, WeightEntry> ByName => _byName;

    /// <summary>Opens a file and reads what tensors it holds. Dispose the result to close the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightFileException">The file is damaged, or holds more than tensors, numbers and texts in dictionaries and lists.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static new PyTorchFile Open(string path) =>
        From(path, FileBytes.Open(path, "a .pt or .pth file", (problem, cause) => new WeightFileException($"{path}: {problem}", cause)));

    /// <summary>Reads a file that is already in memory; the memory must not change while the result is used.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="source">What to call it in error messages.</param>
    /// <exception cref="WeightFileException">As by <see cref="Open"/>.</exception>
    public static new PyTorchFile Read(ReadOnlyMemory<byte> content, string source = "PyTorch data")
    {
        ArgumentNullException.ThrowIfNull(source);
        return From(source, FileBytes.Of(content, (problem, cause) => new WeightFileException($"{source}: {problem}", cause)));
    }

    /// <summary>Reads the rest of a stream into memory, and from there.</summary>
    /// <param name="stream">The stream; it is not closed.</param>
    /// <param name="source">What to call it in error messages.</param>
    /// <exception cref="WeightFileException">As by <see cref="Open"/>.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static new PyTorchFile Read(Stream stream, string source = "PyTorch data") => Read(Content(stream), source);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _bytes.Dispose();
        _last.Forget();
        _inflated.Forget();
    }

    internal override void ReadAt(WeightEntry entry, long offset, Span<byte> destination)
    {
        var tensor = (PyTorchEntry)entry;
        if (tensor.IsPlain)
        {
            _bytes.ReadAt(tensor.Offset + offset, destination);
            return;
        }
        _last.CopyTo(entry, offset, destination, () => tensor.Arrange((start, length) => tensor.Storage.IsDeflated
            ? _inflated.Get(tensor.Storage, () => _zip!.Read(tensor.Storage, tensor.Storage.Length, verifies: true)).AsSpan((int)start, (int)length).ToArray()
            : _bytes.Read(tensor.Storage.Start + start, length)));
    }

    private static PyTorchFile From(string source, FileBytes bytes)
    {
        try
        {
            return new PyTorchFile(source, bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private (PickleTree Tree, Dictionary<string, ZipEntry> Storages) ReadArchive(ZipReader zip, out bool isBigEndian)
    {
        var pickles = zip.Entries.Where(e => e.Name == PickleName || e.Name.EndsWith($"/{PickleName}", StringComparison.Ordinal)).ToList();
        if (pickles is not [var pickle])
            throw Error($"the archive holds {pickles.Count} files named {PickleName}, where PyTorch writes one; it is not a file of torch.save.");
        var folder = pickle.Name[..^PickleName.Length];
        if (zip.Entries.Any(e => e.Name == $"{folder}constants.pkl"))
            throw Error($"it is a TorchScript program rather than a file of tensors, and Glia runs nothing of a file. {PickleGlobals.Advice}");
        isBigEndian = zip.Entries.FirstOrDefault(e => e.Name == $"{folder}byteorder") is { } order && zip.Read(order, 16, verifies: false).AsSpan().SequenceEqual("big"u8);
        if (pickle.IsDeflated && pickle.Length / MaxPickleRatio > pickle.StoredLength)
            throw Error($"'{PickleName}' is compressed from {pickle.Length} bytes to {pickle.StoredLength}, which no list of tensors is.");
        var bytes = zip.Read(pickle, MaxPickleLength, verifies: false);
        var root = new PickleReader(bytes, problem => Error(problem)).Read();
        var data = $"{folder}data/";
        return (new PickleTree(root, bytes.Length, problem => Error(problem)),
            zip.Entries.Where(e => e.Name.StartsWith(data, StringComparison.Ordinal)).ToDictionary(e => e.Name[data.Length..], StringComparer.Ordinal));
    }

    private (PickleTree Tree, Dictionary<string, ZipEntry> Storages) ReadOld(out bool isBigEndian)
    {
        var start = _bytes.Read(0, Math.Min(_bytes.Length, MaxOldPickles));
        var storages = new Dictionary<string, PickleStorage>(StringComparer.Ordinal);
        var reader = new PickleReader(start, problem => Error(problem), storages);
        if (reader.Read() is not OldMagic)
            throw Error($"it is a pickle, but not a file of torch.save. {PickleGlobals.Advice}");
        if (reader.Read() is not OldProtocol)
            throw Error($"it has a version of the older format of torch.save that is not known; {OldProtocol} is.");
        isBigEndian = reader.Read() is PickleDict system && system.Items.Exists(i => i is ("little_endian", false));
        var root = reader.Read();
        var length = reader.Position;
        if (reader.Read() is not List<object?> keys)
            throw Error("its list of storages is damaged.");
        return (new PickleTree(root, length, problem => Error(problem)), FindOldStorages(keys, storages, reader.Position, isBigEndian));
    }

    /// <summary>Storages follow the pickles, each behind the number of its elements.</summary>
    private Dictionary<string, ZipEntry> FindOldStorages(List<object?> keys, Dictionary<string, PickleStorage> storages, long position, bool isBigEndian)
    {
        var found = new Dictionary<string, ZipEntry>(StringComparer.Ordinal);
        foreach (var item in keys)
        {
            if (item is not string key || !storages.TryGetValue(key, out var storage))
                throw Error("its list of storages names one that no tensor has.");
            var count = _bytes.Read(position, sizeof(long));
            var elements = isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(count) : BinaryPrimitives.ReadInt64LittleEndian(count);
            position += sizeof(long);
            if (elements != storage.ByteLength / storage.ElementSize || storage.ByteLength > _bytes.Length - position)
                throw Error($"the storage {SafetensorsHeader.Quote(key)} should have {storage.ByteLength} bytes but the file says {elements} elements; it is cut short or damaged.");
            if (!found.TryAdd(key, new ZipEntry(key, position, storage.ByteLength, storage.ByteLength, false, 0)))
                throw Error($"the storage {SafetensorsHeader.Quote(key)} occurs twice.");
            position += storage.ByteLength;
        }
        return position == _bytes.Length ? found : throw Error($"{_bytes.Length - position} bytes after the last storage belong to none; the file is damaged.");
    }

    private void Add(string name, PickleTensor tensor, Dictionary<string, ZipEntry> storages)
    {
        var key = SafetensorsHeader.Quote(tensor.Storage.Key);
        if (!storages.TryGetValue(tensor.Storage.Key, out var storage))
            throw Error($"the numbers {key} of tensor {SafetensorsHeader.Quote(name)} are missing.");
        if (storage.IsDeflated ? storage.Length != tensor.Storage.ByteLength : storage.Length < tensor.Storage.ByteLength)
            throw Error($"the numbers {key} of tensor {SafetensorsHeader.Quote(name)} should have {tensor.Storage.ByteLength} bytes but have {storage.Length}.");
        var entry = new PyTorchEntry(name, tensor, storage, _isBigEndian);
        if ((_bytesLeft -= entry.ByteLength) < 0 || (_readingLeft -= entry.ReadLength) < 0)
            throw Error($"its tensors share their numbers so often, or are compressed so much, that far more would have to be read than the {_bytes.Length} bytes of the file. Save each tensor once, by tensor.clone().");
        if (!_byName.TryAdd(name, entry))
            throw Error($"two tensors have the name {SafetensorsHeader.Quote(name)}.");
        _entries.Add(entry);
    }
}
