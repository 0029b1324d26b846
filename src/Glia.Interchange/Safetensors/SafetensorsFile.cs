using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Glia.Interchange;

/// <summary>
/// A safetensors file for reading. Opening reads and checks the header alone; data are read one entry at a time, so files may be larger
/// than memory. A damaged or hostile file gives a <see cref="SafetensorsException"/> and never allocates more than it holds. Reading from
/// several threads is safe.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private readonly SafetensorsHeader _header;
    private readonly SafeFileHandle? _handle;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly long _dataStart;
    private bool _disposed;

    private SafetensorsFile(string source, SafeFileHandle? handle, ReadOnlyMemory<byte> memory)
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Safetensors files hold little-endian numbers; this machine is big-endian.");
        Source = source;
        _handle = handle;
        _memory = memory;
        var length = handle is null ? memory.Length : RandomAccess.GetLength(handle);
        if (length < SafetensorsHeader.LengthBytes)
            throw Error($"it is {length} bytes long; a safetensors file has at least {SafetensorsHeader.LengthBytes}.");
        Span<byte> lengthBytes = stackalloc byte[SafetensorsHeader.LengthBytes];
        ReadAt(0, lengthBytes);
        var json = new byte[SafetensorsHeader.CheckLength(BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes), length, source)];
        ReadAt(SafetensorsHeader.LengthBytes, json);
        _dataStart = SafetensorsHeader.LengthBytes + json.Length;
        _header = SafetensorsHeader.Parse(json, length - _dataStart, source);
    }

    /// <summary>The path, or the name given to <see cref="Read(ReadOnlyMemory{byte}, string)"/>; error messages begin with it.</summary>
    public string Source { get; }

    /// <summary>The file's own texts (<c>__metadata__</c>), in file order; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>All entries, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries => _header.Entries;

    /// <summary>Opens a file and checks its header. Dispose the result to close the file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SafetensorsException">The file breaks the format.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading the file is not permitted.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw SafetensorsHeader.Error(path, "it is a folder; give a safetensors file.");
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        try
        {
            return new SafetensorsFile(path, handle, default);
        }
        catch (NotSupportedException error)
        {
            handle.Dispose();
            throw SafetensorsHeader.Error(path, "it is a pipe or a device; give a regular file.", error);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that is already in memory; the memory must not change while the result is used.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="source">What to call it in error messages.</param>
    /// <exception cref="SafetensorsException">The content breaks the format.</exception>
    public static SafetensorsFile Read(ReadOnlyMemory<byte> content, string source = "safetensors data")
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SafetensorsFile(source, null, content);
    }

    /// <summary>Whether the file has an entry of this name.</summary>
    public bool Contains(string name) => _header.ByName.ContainsKey(name);

    /// <summary>The entry of this name.</summary>
    /// <exception cref="SafetensorsException">There is none.</exception>
    public SafetensorsEntry Entry(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_header.ByName.TryGetValue(name, out var entry))
            return entry;
        const int shown = 5;
        var names = string.Join(", ", Entries.Take(shown).Select(candidate => SafetensorsHeader.Quote(candidate.Name)));
        var rest = Entries.Count > shown ? $" and {Entries.Count - shown} more" : "";
        throw Error($"it has no entry {SafetensorsHeader.Quote(name)}; its entries are {(names.Length > 0 ? names : "none")}{rest}.");
    }

    /// <summary>Copies raw little-endian bytes of an entry, from <paramref name="offset"/> on, until the destination is full.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="destination">Filled completely.</param>
    /// <param name="offset">The first byte to copy, counted from the beginning of the entry's data.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bytes asked for reach past the entry's data.</exception>
    /// <exception cref="SafetensorsException">There is no such entry, or the file changed since it was opened.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void CopyTo(string name, Span<byte> destination, long offset = 0)
    {
        var entry = Entry(name);
        if (offset < 0 || offset > entry.ByteLength - destination.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offset),
                $"{entry} has {entry.ByteLength} bytes; {destination.Length} bytes from {offset} on are not all among them.");
        }

        ReadAt(_dataStart + entry.Offset + offset, destination);
    }

    /// <summary>Copies an entry of type F16, BF16, F32 or F64 as 32-bit floats; F64 is rounded to nearest.</summary>
    /// <inheritdoc cref="CopyTo(string, Span{long})"/>
    public void CopyTo(string name, Span<float> destination) =>
        SafetensorsConvert.CopyFloats(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>Copies an entry of type F16, BF16, F32 or F64 as 64-bit floats, exactly.</summary>
    /// <inheritdoc cref="CopyTo(string, Span{long})"/>
    public void CopyTo(string name, Span<double> destination) =>
        SafetensorsConvert.CopyFloats(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>Copies an entry of any integer type as 64-bit integers.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="destination">As many elements as the entry has.</param>
    /// <exception cref="ArgumentException">The destination has another number of elements than the entry.</exception>
    /// <exception cref="SafetensorsException">
    /// There is no such entry, its type is of another kind, a value does not fit, or the file changed since it was opened.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void CopyTo(string name, Span<long> destination) =>
        SafetensorsConvert.CopyIntegers(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>Copies an entry of type BOOL, whose bytes must be 0 or 1.</summary>
    /// <inheritdoc cref="CopyTo(string, Span{long})"/>
    public void CopyTo(string name, Span<bool> destination) =>
        SafetensorsConvert.CopyBooleans(this, EntryOfCount(name, destination.Length), destination);

    /// <summary>All raw little-endian bytes of an entry.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public byte[] ReadBytes(string name)
    {
        var bytes = NewArray<byte>(name, Entry(name).ByteLength);
        CopyTo(name, bytes);
        return bytes;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{float})"/>.</summary>
    /// <param name="name">The entry.</param>
    /// <exception cref="SafetensorsException">As there, or the entry is too large for one array.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public float[] ReadSingles(string name)
    {
        var values = NewArray<float>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{double})"/>.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public double[] ReadDoubles(string name)
    {
        var values = NewArray<double>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{long})"/>.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public long[] ReadIntegers(string name)
    {
        var values = NewArray<long>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>The elements of an entry as by <see cref="CopyTo(string, Span{bool})"/>.</summary>
    /// <inheritdoc cref="ReadSingles(string)"/>
    public bool[] ReadBooleans(string name)
    {
        var values = NewArray<bool>(name, Entry(name).Count);
        CopyTo(name, values.AsSpan());
        return values;
    }

    /// <summary>Reads the whole file and compares it with the checksum that a <see cref="SafetensorsWriter.HasChecksum"/> put into it: every changed byte is found.</summary>
    /// <exception cref="SafetensorsException">The content is not what was written, or there is no checksum.</exception>
    /// <exception cref="ObjectDisposedException">The file was closed.</exception>
    public void VerifyChecksum()
    {
        const int PieceLength = 1 << 20;
        var digits = SafetensorsChecksum.Position;
        var length = _handle is null ? _memory.Length : RandomAccess.GetLength(_handle);
        if (!Metadata.TryGetValue(SafetensorsChecksum.Key, out var expected) || length < digits + SafetensorsChecksum.Empty.Length)
            throw Error("it has no checksum.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Math.Min(length, PieceLength)];
        for (long position = 0; position < length; position += piece.Length)
        {
            var part = piece.AsSpan(0, (int)Math.Min(piece.Length, length - position));
            ReadAt(position, part);
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
    public void Dispose()
    {
        _disposed = true;
        _handle?.Dispose();
    }

    internal SafetensorsException Error(string problem) => SafetensorsHeader.Error(Source, problem);

    private SafetensorsEntry EntryOfCount(string name, int destinationLength)
    {
        var entry = Entry(name);
        return destinationLength == entry.Count
            ? entry
            : throw new ArgumentException(
                $"{entry} has {entry.Count} elements but the destination has {destinationLength}.", nameof(destinationLength));
    }

    private T[] NewArray<T>(string name, long count) => count <= Array.MaxLength
        ? new T[count]
        : throw Error($"the entry {SafetensorsHeader.Quote(name)} is too large for one array; copy it in parts.");

    private void ReadAt(long position, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_handle is null)
        {
            _memory.Span.Slice((int)position, destination.Length).CopyTo(destination);
            return;
        }

        while (!destination.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, destination, position);
            if (count == 0)
                throw Error("it became shorter while it was read.");
            destination = destination[count..];
            position += count;
        }
    }
}
