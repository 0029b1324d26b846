using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Glia.Interchange;

/// <summary>
/// The bytes of a file, read from where they are asked for, or of memory. Each reading is copied by the operating system, never mapped: a file that another program makes
/// shorter meanwhile gives an exception, where a mapping would end the process. Safe for several threads.
/// </summary>
internal sealed class FileBytes : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly ReadOnlyMemory<byte> _memory;
    private readonly Func<string, Exception?, WeightFileException> _error;
    private bool _disposed;

    private FileBytes(SafeFileHandle? handle, ReadOnlyMemory<byte> memory, Func<string, Exception?, WeightFileException> error)
    {
        (_handle, _memory, _error) = (handle, memory, error);
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("Files of weights hold little-endian numbers; this machine is big-endian.");
    }

    /// <summary>The number of bytes there are now.</summary>
    public long Length => _handle is null ? _memory.Length : RandomAccess.GetLength(_handle);

    /// <summary>Opens a regular file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What is to be given instead of a folder.</param>
    /// <param name="error">Makes an exception of a problem and its cause.</param>
    public static FileBytes Open(string path, string kind, Func<string, Exception?, WeightFileException> error)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw error($"it is a folder; give {kind}.", null);
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.RandomAccess);
        try
        {
            var file = new FileBytes(handle, default, error);
            _ = file.Length;
            return file;
        }
        catch (NotSupportedException cause)
        {
            handle.Dispose();
            throw error("it is a pipe or a device; give a regular file.", cause);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public static FileBytes Of(ReadOnlyMemory<byte> memory, Func<string, Exception?, WeightFileException> error) => new(null, memory, error);

    /// <summary>Fills the destination with the bytes from a position on.</summary>
    public void ReadAt(long position, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_handle is null)
        {
            if (position < 0 || position > _memory.Length - destination.Length)
                throw _error("it is cut short.", null);
            _memory.Span.Slice((int)position, destination.Length).CopyTo(destination);
            return;
        }

        while (!destination.IsEmpty)
        {
            var count = RandomAccess.Read(_handle, destination, position);
            if (count == 0)
                throw _error("it became shorter while it was read.", null);
            destination = destination[count..];
            position += count;
        }
    }

    /// <summary>All bytes of a part. Memory is taken as they come, so that a wrong length costs nothing.</summary>
    public byte[] Read(long position, long length)
    {
        if (position < 0 || length < 0 || length > Length - position)
            throw _error("it is cut short.", null);
        if (length > Array.MaxLength)
            throw _error($"a part of it has {length} bytes; at most {Array.MaxLength} are read at once.", null);
        var bytes = new byte[length];
        ReadAt(position, bytes);
        return bytes;
    }

    /// <summary>A part as a stream, for what takes nothing else.</summary>
    public Stream Open(long position, long length) => new Part(this, position, length);

    /// <summary>Maps a part into memory for the time of a call.</summary>
    public unsafe void Map(long position, int length, Action<ReadOnlySpan<byte>> use)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_handle is null)
        {
            use(_memory.Span.Slice((int)position, length));
            return;
        }
        using var map = MemoryMappedFile.CreateFromFile(_handle, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = map.CreateViewAccessor(position, length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            use(new ReadOnlySpan<byte>(start + view.PointerOffset, length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _handle?.Dispose();
    }

    private sealed class Part(FileBytes file, long start, long length) : Stream
    {
        private long _done;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position
        {
            get => _done;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, length - _done);
            file.ReadAt(start + _done, buffer[..count]);
            _done += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
