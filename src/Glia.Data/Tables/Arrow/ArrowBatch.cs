namespace Glia.Data;

/// <summary>Hands out the buffers of a batch in the order of the schema.</summary>
internal sealed class ArrowBatch
{
    private readonly ByteSource _source;
    private readonly ArrowBlock _block;
    private readonly long[] _nodes;
    private readonly long[] _buffers;
    private readonly long[] _variadic;
    private readonly ColumnCodec _codec;
    private int _node;
    private int _buffer;
    private int _variadicNext;

    public ArrowBatch(ByteSource source, ArrowBlock block)
    {
        _source = source;
        _block = block;
        var content = FlatTable.Root(source.Read(block.Start, block.Bytes)).Table(2);
        if (block.IsDictionary)
        {
            Dictionary = content.Int64(0);
            IsDelta = content.Byte(2) != 0;
            content = content.Table(1);
        }

        _nodes = content.Numbers(1, 2);
        _buffers = content.Numbers(2, 2);
        _variadic = content.Numbers(4);
        var left = block.Length;
        for (var i = 1; i < _buffers.Length; i += 2)
        {
            if (_buffers[i] < 0 || (left -= _buffers[i]) < 0)
                throw new CorruptDataException("the buffers of a batch overlap each other; the file is damaged.");
        }

        if (!content.Has(3))
            return;
        var compression = content.Table(3);
        _codec = compression.Byte(0) switch
        {
            0 when compression.Byte(1) == 0 => ColumnCodec.Lz4Frame,
            1 when compression.Byte(1) == 0 => ColumnCodec.Zstandard,
            _ => throw new CorruptDataException("a batch is compressed in a way that is not known."),
        };
    }

    /// <summary>The number of the dictionary that this is.</summary>
    public long Dictionary { get; }

    /// <summary>Whether it goes on from the dictionary before.</summary>
    public bool IsDelta { get; }

    /// <summary>The next column; null if it is not read.</summary>
    public ArrowColumnReader? Next(ArrowField field, ArrowType? type, Column? dictionary, ColumnSink? sink)
    {
        var (length, missing) = (Node(2 * _node), Node((2 * _node) + 1));
        _node++;
        var count = field.Layout.Buffers;
        if (field.Layout.HasVariadic)
        {
            var further = _variadicNext < _variadic.Length ? _variadic[_variadicNext++] : throw Damaged();
            count += CorruptDataException.Length(further, _buffers.Length / 2, "the number of further buffers");
        }

        if (_buffer + count > _buffers.Length / 2)
            throw Damaged();
        var first = _buffer;
        _buffer += count;
        foreach (var child in field.Children)
            Next(child, null, null, null);
        if (type is null || sink is null)
            return null;
        if (length != _block.Rows)
            throw new CorruptDataException($"column '{field.Name}' has {length} values in a batch of {_block.Rows} rows; the file is damaged.");
        var buffers = new ArrowBuffer[count];
        for (var i = 0; i < count; i++)
            buffers[i] = new ArrowBuffer(_source, _block, _buffers[2 * (first + i)], _buffers[(2 * (first + i)) + 1], _codec);
        return new(field.Name, type, buffers, hasMissing: missing != 0, dictionary, sink);
    }

    private long Node(int index) => index < _nodes.Length ? _nodes[index] : throw Damaged();

    private static CorruptDataException Damaged() => new("a batch has fewer columns or buffers than the schema; the file is damaged.");
}
