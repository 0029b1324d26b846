using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>A buffer of an Arrow batch. What is not compressed is read from the file as it is asked for; what is, is expanded once.</summary>
internal sealed class ArrowBuffer
{
    // What comes next is most often asked for next.
    private const int ReadAhead = 1 << 16;
    private const int ReadAheadOfJump = 1 << 12;

    private readonly ByteSource _source;
    private readonly long _start;
    private readonly ColumnCodec _codec;
    private readonly long _stored;
    private byte[]? _expanded;
    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;

    public ArrowBuffer(ByteSource source, ArrowBlock block, long offset, long length, ColumnCodec codec)
    {
        if (offset < 0 || length < 0 || offset > block.Length - length)
            throw new CorruptDataException($"a buffer is said to have {length} bytes at {offset} of a batch of {block.Length} bytes; the file is damaged.");
        _source = source;
        _start = block.Body + offset;
        _stored = length;
        Length = length;
        if (codec == ColumnCodec.None || length == 0)
            return;

        // A compressed buffer begins with its expanded length, -1 where it was left as it is.
        if (length < 8)
            throw new CorruptDataException("a compressed buffer ends too early; the file is damaged.");
        Length = BinaryPrimitives.ReadInt64LittleEndian(source.Read(_start, 8));
        if (Length == -1)
            (_start, Length, _stored) = (_start + 8, length - 8, length - 8);
        else if (Length < 0)
            throw new CorruptDataException("a compressed buffer is said to have a length below 0; the file is damaged.");
        else
            _codec = codec;
    }

    /// <summary>Its bytes, expanded.</summary>
    public long Length { get; }

    /// <summary>A part of it, good until the next call.</summary>
    public ReadOnlySpan<byte> Slice(long offset, long count)
    {
        if (offset < 0 || count < 0 || count > int.MaxValue || offset > Length - count)
            throw new CorruptDataException($"{count} bytes at {offset} of a buffer of {Length} bytes are referred to; the file is damaged.");
        if (_codec != ColumnCodec.None && _stored > 0)
        {
            _expanded ??= Length == 0 ? [] : Decompressor.Expand(
                _source.Budget, _codec, _source.Read(_start + 8, CorruptDataException.Length(_stored - 8, int.MaxValue, "the length of a buffer")), 0, (int)_stored - 8, Length);
            return _expanded.AsSpan((int)offset, (int)count);
        }

        if (offset < _windowStart || offset + count > _windowStart + _windowLength)
        {
            var isNext = offset >= _windowStart && offset <= _windowStart + _windowLength + ReadAhead;
            _windowLength = (int)Math.Max(count, Math.Min(isNext ? ReadAhead : ReadAheadOfJump, Length - offset));
            if (_window.Length < _windowLength)
                _window = new byte[_windowLength];
            _source.Read(_start + offset, _window.AsSpan(0, _windowLength));
            _windowStart = offset;
        }

        return _window.AsSpan((int)(offset - _windowStart), (int)count);
    }
}
