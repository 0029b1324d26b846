using Microsoft.Win32.SafeHandles;

namespace Glia.Data;

/// <summary>The bytes of a file, or bytes in memory, read at any place; every place is checked.</summary>
internal sealed class ByteSource : IDisposable
{
    private readonly SafeFileHandle? _file;
    private readonly ReadOnlyMemory<byte> _memory;

    private ByteSource(SafeFileHandle? file, ReadOnlyMemory<byte> memory)
    {
        _file = file;
        _memory = memory;
        Length = file is null ? memory.Length : RandomAccess.GetLength(file);
        Budget = new(Length);
    }

    public long Length { get; }

    /// <summary>What may become of the bytes as long as this is open.</summary>
    public ExpansionBudget Budget { get; }

    public static ByteSource Open(string path) => new(File.OpenHandle(path), default);

    public static ByteSource Of(ReadOnlyMemory<byte> bytes) => new(null, bytes);

    /// <summary>Fills the destination from an offset.</summary>
    /// <exception cref="CorruptDataException">The range is not inside.</exception>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || offset > Length - destination.Length)
            throw new CorruptDataException($"{destination.Length} bytes are expected at {offset}, but the file ends at {Length}; it is truncated or damaged.");
        if (_file is null)
        {
            _memory.Span.Slice((int)offset, destination.Length).CopyTo(destination);
            return;
        }

        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(_file, destination, offset);
            if (read == 0)
                throw new CorruptDataException("the file became shorter while it was being read.");
            offset += read;
            destination = destination[read..];
        }
    }

    /// <summary>A copy of a range.</summary>
    public byte[] Read(long offset, int length)
    {
        if (offset < 0 || length < 0 || offset > Length - length)
            throw new CorruptDataException($"{length} bytes are expected at {offset}, but the file ends at {Length}; it is truncated or damaged.");
        var bytes = new byte[length];
        Read(offset, bytes);
        return bytes;
    }

    public void Dispose() => _file?.Dispose();
}
