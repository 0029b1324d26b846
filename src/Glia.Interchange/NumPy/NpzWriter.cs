using System.IO.Compression;
using Glia.Interchange.NumPy;

namespace Glia.Interchange;

/// <summary>
/// Collects tensors and writes them as NumPy's npz archive, stored without compression, or one as an npy file; <c>numpy.load</c> reads them. The same tensors always give the
/// same bytes. BF16 and 8-bit floats, which NumPy does not have, are refused; BF16 is given as Float32 by <see cref="WeightFile.ReadTensor"/>.
/// </summary>
public sealed class NpzWriter
{
    private static readonly DateTimeOffset Beginning = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<(string Name, byte[] Header, Action<Stream> Write)> _items = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Adds a tensor; its elements are read when the file is written.</summary>
    /// <param name="name">Not added before.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ArgumentException">The name was added before, or cannot be that of a file in an archive.</exception>
    public void Add(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        Add(name, SafetensorsTensors.DTypeOf(tensor), SafetensorsTensors.SizesOf(tensor), stream => stream.Write(SafetensorsTensors.BytesOf(tensor)));
    }

    /// <summary>Adds a tensor whose bytes are written only when the file is saved.</summary>
    /// <param name="name">Not added before.</param>
    /// <param name="dtype">The type of the elements, one that NumPy has.</param>
    /// <param name="shape">The size of each axis.</param>
    /// <param name="write">Writes the elements, row-major and little-endian: exactly as many bytes as shape and type need.</param>
    /// <exception cref="ArgumentException">The name was added before, or NumPy has no such type.</exception>
    public void Add(string name, SafetensorsDType dtype, ReadOnlySpan<long> shape, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(write);
        if (name.Contains('\0', StringComparison.Ordinal) || !_names.Add(name))
            throw new ArgumentException($"The name {SafetensorsHeader.Quote(name)} was already added or cannot be that of an array.", nameof(name));
        _items.Add((name, NpyHeader.Write(dtype, shape), write));
    }

    /// <summary>Writes an npz archive by <see cref="AtomicFile.Write"/>: it is complete, or the path is as it was.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Save);

    /// <summary>Writes an npz archive to a stream that can seek.</summary>
    /// <param name="stream">The stream; it is not closed.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, header, write) in _items.OrderBy(i => i.Name, StringComparer.Ordinal))
        {
            var entry = archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = Beginning;
            using var content = entry.Open();
            content.Write(header);
            write(content);
        }
    }

    /// <summary>Writes one tensor as an npy file, whole or not at all.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SaveArray(string path, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(NpyHeader.Write(SafetensorsTensors.DTypeOf(tensor), SafetensorsTensors.SizesOf(tensor)));
            stream.Write(SafetensorsTensors.BytesOf(tensor));
        });
    }
}
