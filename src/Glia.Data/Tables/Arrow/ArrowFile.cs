using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>An Arrow IPC file (which Feather version 2 is, too) or stream: where its schema, dictionaries and batches are. Source: the Arrow columnar format.</summary>
internal sealed class ArrowFile : ColumnarFile
{
    private const int MostDescriptionBytes = 256 << 20;

    private readonly ByteSource _source;
    private readonly List<ArrowBlock> _blocks = [];
    private readonly ArrowSchema _schema;

    private ArrowFile(ByteSource source)
    {
        _source = source;
        var start = source.Read(0, (int)Math.Min(8, source.Length));
        if (start.AsSpan().StartsWith("FEA1"u8))
            throw new CorruptDataException("this is a Feather file of version 1, which is not read; write it anew as version 2, which every current program does.");
        _schema = start.AsSpan().StartsWith("ARROW1"u8) ? ReadFile() : ReadStream();
        Columns = [.. _schema.Fields.Select(f => new ColumnarColumn(f.Name, f.Type?.Kind ?? ColumnKind.Categorical, f.Refusal))];
        foreach (var block in _blocks.Where(b => !b.IsDictionary))
            RowCount += block.Rows;
    }

    public override IReadOnlyList<ColumnarColumn> Columns { get; }

    public override long RowCount { get; }

    public static ArrowFile Read(ByteSource source) => new(source);

    public override ColumnarPass Begin(ColumnSink[] sinks) => new ArrowPass(_source, _schema, _blocks, sinks);

    private ArrowSchema ReadFile()
    {
        const int endBytes = 10;
        if (_source.Length < 8 + endBytes || !_source.Read(_source.Length - 6, 6).AsSpan().SequenceEqual("ARROW1"u8))
            throw new CorruptDataException("the file does not end with 'ARROW1'; it is truncated.");
        var length = CorruptDataException.Length(
            BinaryPrimitives.ReadInt32LittleEndian(_source.Read(_source.Length - endBytes, 4)), Math.Min(MostDescriptionBytes, _source.Length - 8 - endBytes), "the length of the description at the end");
        var bytes = _source.Read(_source.Length - endBytes - length, length);
        var footer = FlatTable.Root(bytes);
        var schema = new ArrowSchema(footer.Table(1), bytes.Length);
        var left = _source.Length;
        foreach (var slot in (ReadOnlySpan<int>)[2, 3])
        {
            var blocks = footer.Numbers(slot, 3);
            for (var i = 0; i < blocks.Length; i += 3)
            {
                var block = Message(blocks[i], out _) ?? throw new CorruptDataException("a block is empty; the file is damaged.");
                if (block.IsDictionary != (slot == 2))
                    throw new CorruptDataException("a block is of another kind than is said; the file is damaged.");
                if ((left -= block.Bytes + block.Length) < 0)
                    throw new CorruptDataException("the batches overlap each other; the file is damaged.");
                _blocks.Add(block);
            }
        }

        return schema;
    }

    private ArrowSchema ReadStream()
    {
        ArrowSchema? schema = null;
        for (var position = 0L; position < _source.Length;)
        {
            if (schema is null)
            {
                var bytes = Description(position, out var body) ?? throw new CorruptDataException("this is not an Arrow file.");
                var message = FlatTable.Root(bytes);
                if (message.Byte(1) != 1)
                    throw new CorruptDataException("this is not an Arrow file: it does not begin with a schema.");
                schema = new ArrowSchema(message.Table(2), bytes.Length);
                position = body;
            }
            else if (Message(position, out var next) is { } block)
            {
                _blocks.Add(block);
                position = next;
            }
            else
            {
                break;
            }
        }

        return schema ?? throw new CorruptDataException("this is not an Arrow file.");
    }

    /// <summary>A batch or a dictionary; null where the stream ends.</summary>
    private ArrowBlock? Message(long position, out long next)
    {
        next = 0;
        if (Description(position, out var body) is not { } bytes)
            return null;
        var message = FlatTable.Root(bytes);
        var length = message.Int64(3);
        if (length < 0 || length > _source.Length - body)
            throw new CorruptDataException($"a batch is said to have {length} bytes, but the file ends before; it is truncated or damaged.");
        next = body + length;
        var kind = message.Byte(1);
        if (kind is not (2 or 3))
            throw new CorruptDataException($"a message of the unexpected kind {kind} is in the file.");
        var content = message.Table(2);
        var rows = (kind == 3 ? content : content.Table(1)).Int64(0);
        return rows is >= 0 and <= ArrowBlock.MostRows
            ? new(body - bytes.Length, bytes.Length, body, length, rows, kind == 2)
            : throw new CorruptDataException($"a batch is said to have {rows} rows; the file is damaged.");
    }

    private byte[]? Description(long position, out long body)
    {
        body = 0;
        if (position < 0 || position > _source.Length - 4)
            throw new CorruptDataException("a message is outside the file; it is truncated or damaged.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(_source.Read(position, 4));
        position += 4;
        // Files from before version 0.15 do not have this mark.
        if (length == -1)
        {
            length = BinaryPrimitives.ReadInt32LittleEndian(_source.Read(position, 4));
            position += 4;
        }

        if (length == 0)
            return null;
        var bytes = _source.Read(position, CorruptDataException.Length(length, Math.Min(MostDescriptionBytes, _source.Length - position), "the length of a message"));
        body = position + length;
        return bytes;
    }
}

/// <summary>A batch of rows, or a dictionary.</summary>
/// <param name="Start">Where its message is, which is read when its turn comes.</param>
/// <param name="Bytes">The bytes of the message.</param>
/// <param name="Body">Where its buffers begin.</param>
/// <param name="Length">Their bytes.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="IsDictionary">Whether it is a dictionary.</param>
internal sealed record ArrowBlock(long Start, int Bytes, long Body, long Length, long Rows, bool IsDictionary)
{
    /// <summary>More rows than this are believed of no batch, so that no sum of them runs over.</summary>
    public const long MostRows = 1L << 40;
}
