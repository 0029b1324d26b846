using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Glia.Interchange;

/// <summary>
/// A safetensors file for reading. Opening reads and checks the header alone; data are read one entry at a time, so files may be larger
/// than memory. A damaged or hostile file gives a <see cref="SafetensorsException"/> and never allocates more than it holds. Reading from
/// several threads is safe.
/// </summary>
public sealed class SafetensorsFile : WeightFile
{
    private readonly SafetensorsHeader _header;
    private readonly FileBytes _bytes;
    private readonly long _dataStart;
    private readonly long _length;

    private SafetensorsFile(string source, FileBytes bytes)
        : base(source)
    {
        _bytes = bytes;
        _length = bytes.Length;
        if (_length < SafetensorsHeader.LengthBytes)
            throw Error($"it is {_length} bytes long; a safetensors file has at least {SafetensorsHeader.LengthBytes}.");
        Span<byte> lengthBytes = stackalloc byte[SafetensorsHeader.LengthBytes];
        bytes.ReadAt(0, lengthBytes);
        var json = new byte[SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes), _length, source)];
        bytes.ReadAt(SafetensorsHeader.LengthBytes, json);
        _dataStart = SafetensorsHeader.LengthBytes + json.Length;
        _header = SafetensorsHeader.Parse(json, _length - _dataStart, source);
    }

    /// <inheritdoc/>
    public override string Format => "safetensors";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightEntry> Entries => _header.Entries;

    internal override IReadOnlyDictionary<string, WeightEntry> ByName => _header.ByName;

    /// <summary>Opens a file and checks its header. Dispose the result to close the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SafetensorsException">The file breaks the format.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static new SafetensorsFile Open(string path)
    {
        var bytes = FileBytes.Open(path, "a safetensors file", (problem, cause) => SafetensorsHeader.Error(path, problem, cause));
        try
        {
            return new SafetensorsFile(path, bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that is already in memory; the memory must not change while the result is used.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="source">What to call it in error messages.</param>
    /// <exception cref="SafetensorsException">The content breaks the format.</exception>
    public static new SafetensorsFile Read(ReadOnlyMemory<byte> content, string source = "safetensors data")
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SafetensorsFile(source, FileBytes.Of(content, (problem, cause) => SafetensorsHeader.Error(source, problem, cause)));
    }

    /// <summary>
    /// Gives the bytes of an entry where they lie: the part of the file is mapped into memory for the time of the call, nothing is copied, and pages are read as they are
    /// touched. The span is valid during the call only.
    /// <para>
    /// The system ends a process that touches a mapped page which another program has cut off the file meanwhile; no program can catch that. So nothing else in this class maps
    /// anything: <see cref="WeightFile.CopyTo(string, Span{byte}, long)"/> and all that reads tensors copy, and give an exception then. Map files that nobody changes.
    /// </para>
    /// </summary>
    /// <param name="name">The entry, of at most 2 GB.</param>
    /// <param name="use">Is given the bytes, row-major and little-endian.</param>
    /// <exception cref="SafetensorsException">There is no such entry, it is too large for one span, or the file became shorter since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void Map(string name, Action<ReadOnlySpan<byte>> use)
    {
        ArgumentNullException.ThrowIfNull(use);
        var entry = Entry(name);
        if (entry.ByteLength > Array.MaxLength)
            throw Error($"the entry {SafetensorsHeader.Quote(name)} is too large for one span; copy it in parts.");
        if (entry.ByteLength == 0)
        {
            use([]);
            return;
        }
        if (_bytes.Length < _length)
            throw Error("it became shorter while it was read.");
        _bytes.Map(_dataStart + entry.Offset, (int)entry.ByteLength, use);
    }

    /// <summary>Reads the whole file and compares it with the checksum that a <see cref="SafetensorsWriter.HasChecksum"/> put into it: every changed byte is found.</summary>
    /// <exception cref="SafetensorsException">The content is not what was written, or there is no checksum.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void VerifyChecksum()
    {
        const int PieceLength = 1 << 20;
        var digits = SafetensorsChecksum.Position;
        var length = _bytes.Length;
        if (!Metadata.TryGetValue(SafetensorsChecksum.Key, out var expected) || length < digits + SafetensorsChecksum.Empty.Length)
            throw Error("it has no checksum.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Math.Min(length, PieceLength)];
        for (long position = 0; position < length; position += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, length - position));
            _bytes.ReadAt(position, part);
            if (position == 0)
            {
                if (!part[SafetensorsHeader.LengthBytes..].StartsWith(SafetensorsChecksum.Before))
                    throw Error("its checksum is not at its place.");
                part.Slice(digits, SafetensorsChecksum.Empty.Length).Fill((byte)'0');
            }
            hash.AppendData(part);
        }
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != expected)
            throw Error("its content does not match its checksum, so it was changed or damaged after it was written.");
    }

    /// <summary>Closes the file; the header stays readable.</summary>
    public override void Dispose() => _bytes.Dispose();

    internal override void ReadAt(WeightEntry entry, long offset, Span<byte> destination) => _bytes.ReadAt(_dataStart + entry.Offset + offset, destination);

    internal override SafetensorsException Error(string problem, Exception? cause = null) => SafetensorsHeader.Error(Source, problem, cause);
}
