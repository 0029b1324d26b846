namespace Glia.Data;

/// <summary>
/// Throws when its end is read over and over, as the image decoder does for ever on some damaged files, or when a position before its
/// beginning is asked for.
/// </summary>
internal sealed class EndGuardStream(Stream inner) : Stream
{
    private const int AllowedReads = 1000;

    private int _readsAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value >= 0 ? value : throw new InvalidDataException("The image refers to data before its beginning.");
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        CountEnd(read <= 0);
        return read;
    }

    public override int ReadByte()
    {
        var value = inner.ReadByte();
        CountEnd(value < 0);
        return value;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void CountEnd(bool atEnd)
    {
        if (atEnd && ++_readsAtEnd > AllowedReads)
            throw new InvalidDataException("The image ends too early.");
    }
}
