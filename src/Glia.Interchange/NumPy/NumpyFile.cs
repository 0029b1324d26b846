using Glia.Interchange.NumPy;

namespace Glia.Interchange;

/// <summary>
/// NumPy's files for reading: an array (<c>.npy</c>, versions 1.0 to 3.0) or an archive of named ones (<c>.npz</c>, stored or deflated). Integers and floating point of 8 to 64
/// bits and booleans of either order of bytes and of axes are read; arrays of Python objects, which are pickles, are refused.
/// </summary>
public sealed class NumpyFile : WeightFile
{
    private const string Extension = ".npy";

    private readonly FileBytes _bytes;
    private readonly ZipReader? _zip;
    private readonly LastRead _last = new();
    private readonly Dictionary<string, WeightEntry> _byName = new(StringComparer.Ordinal);
    private readonly List<WeightEntry> _entries = [];

    private NumpyFile(string source, FileBytes bytes)
        : base(source)
    {
        _bytes = bytes;
        if (NpyHeader.Begins(Start(8)))
        {
            var header = NpyHeader.Read(Start, problem => Error(problem));
            CheckLength(header, bytes.Length, problem => Error(problem));
            Add(new NpyArray(Path.GetFileNameWithoutExtension(source), header, null));
            return;
        }
        _zip = new ZipReader(bytes, Error);
        foreach (var entry in _zip.Entries)
            Add(Read(entry));

        byte[] Start(int count) => bytes.Read(0, Math.Min(bytes.Length, count));
    }

    /// <inheritdoc/>
    public override string Format => _zip is null ? "npy" : "npz";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override IReadOnlyList<WeightEntry> Entries => _entries;

    internal override IReadOnlyDictionary<string, WeightEntry> ByName => _byName;

    /// <summary>Opens a file and checks the header of every array. Dispose the result to close the file.</summary>
    /// <param name="path">The file; a single array gets its name without the extension.</param>
    /// <exception cref="WeightFileException">The file breaks the format, or holds something else than numbers.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static new NumpyFile Open(string path)
    {
        var bytes = FileBytes.Open(path, "an .npy or .npz file", (problem, cause) => new WeightFileException($"{path}: {problem}", cause));
        return From(path, bytes);
    }

    /// <summary>Reads a file that is already in memory; the memory must not change while the result is used.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="source">What to call it in error messages, and the name of a single array.</param>
    /// <exception cref="WeightFileException">As by <see cref="Open"/>.</exception>
    public static new NumpyFile Read(ReadOnlyMemory<byte> content, string source = "array")
    {
        ArgumentNullException.ThrowIfNull(source);
        return From(source, FileBytes.Of(content, (problem, cause) => new WeightFileException($"{source}: {problem}", cause)));
    }

    /// <summary>Reads the rest of a stream into memory, and from there.</summary>
    /// <param name="stream">The stream; it is not closed.</param>
    /// <param name="source">What to call it in error messages, and the name of a single array.</param>
    /// <exception cref="WeightFileException">As by <see cref="Open"/>.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static new NumpyFile Read(Stream stream, string source = "array") => Read(Content(stream), source);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _bytes.Dispose();
        _last.Forget();
    }

    internal override void ReadAt(WeightEntry entry, long offset, Span<byte> destination)
    {
        var array = (NpyArray)entry;
        if (array.IsPlain)
        {
            if (!array.IsVerified)
                _zip!.Verify(array.Zip!);
            array.IsVerified = true;
            _bytes.ReadAt(array.Offset + offset, destination);
            return;
        }
        _last.CopyTo(entry, offset, destination, () => array.Arrange(array.Zip is { } zip
            ? _zip!.Read(zip, zip.Length, verifies: true)
            : _bytes.Read(0, array.Offset + array.ByteLength)));
    }

    private static NumpyFile From(string source, FileBytes bytes)
    {
        try
        {
            return new NumpyFile(source, bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private NpyArray Read(ZipEntry entry)
    {
        var name = SafetensorsHeader.Quote(entry.Name);
        if (!entry.Name.EndsWith(Extension, StringComparison.Ordinal))
            throw Error($"it holds {name}, which is no {Extension} file; an .npz archive holds nothing else.");
        WeightFileException Inside(string problem) => Error($"{name}: {problem}");
        var header = NpyHeader.Read(count => _zip!.ReadStart(entry, count), Inside);
        CheckLength(header, entry.Length, Inside);
        return new NpyArray(entry.Name[..^Extension.Length], header, entry);
    }

    private static void CheckLength(NpyHeader header, long length, Func<string, WeightFileException> error)
    {
        if (length - header.Length != header.ByteLength)
            throw error($"its header promises {header.ByteLength} bytes of numbers but {length - header.Length} follow; it is cut short or damaged.");
    }

    private void Add(NpyArray array)
    {
        _byName.Add(array.Name, array);
        _entries.Add(array);
    }
}
