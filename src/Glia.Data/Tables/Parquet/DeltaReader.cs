namespace Glia.Data;

/// <summary>Whole numbers as differences from one to the next, packed in blocks (DELTA_BINARY_PACKED).</summary>
internal sealed class DeltaReader
{
    private const int MostMiniblocks = 1 << 12;
    private const int MostBlockValues = 1 << 20;

    private readonly byte[] _data;
    private readonly int _end;
    private readonly int _miniblocks;
    private readonly int _valuesPerMiniblock;
    private readonly byte[] _widths;
    private long _left;
    private long _value;
    private bool _isFirst = true;
    private long _leastDelta;
    private int _miniblock;
    private int _inMiniblock;
    private int _bit;

    public DeltaReader(byte[] data, int start, int end)
    {
        _data = data;
        Position = start;
        _end = end;
        var blockValues = CorruptDataException.Length((long)Varint(), MostBlockValues, "the values in a block");
        _miniblocks = CorruptDataException.Length((long)Varint(), MostMiniblocks, "the parts of a block");
        _left = CorruptDataException.Length((long)Varint(), int.MaxValue, "the number of values");
        _value = ZigZag();
        if (_miniblocks == 0 || blockValues % _miniblocks != 0)
            throw Damaged();
        _valuesPerMiniblock = blockValues / _miniblocks;
        if (_valuesPerMiniblock == 0)
            throw Damaged();
        _widths = new byte[_miniblocks];
        _miniblock = _miniblocks;
    }

    private int Position { get; set; }

    /// <summary>Where the bytes go on behind all values. Values are passed over a part of a block at a time, since those of no bits cost a file nothing.</summary>
    public static int EndOf(byte[] data, int start, int end)
    {
        var reader = new DeltaReader(data, start, end);
        reader._left = Math.Max(0, reader._left - 1);
        for (; reader._left > 0; reader._left -= Math.Min(reader._left, reader._inMiniblock))
            reader.NextMiniblock();
        reader.SkipMiniblock();
        return reader.Position;
    }

    public long Next()
    {
        if (_left-- <= 0)
            throw Damaged();
        if (_isFirst)
        {
            _isFirst = false;
        }
        else
        {
            if (_inMiniblock == 0)
                NextMiniblock();
            _inMiniblock--;
            _value += _leastDelta + (long)Unpack(_widths[_miniblock]);
        }

        // What is left of the last miniblock is padding.
        if (_left == 0)
            SkipMiniblock();
        return _value;
    }

    private void NextMiniblock()
    {
        SkipMiniblock();
        if (++_miniblock >= _miniblocks)
        {
            _leastDelta = ZigZag();
            if (_miniblocks > _end - Position)
                throw Damaged();
            _data.AsSpan(Position, _miniblocks).CopyTo(_widths);
            Position += _miniblocks;
            _miniblock = 0;
        }

        if (_widths[_miniblock] > 64)
            throw Damaged();
        _inMiniblock = _valuesPerMiniblock;
        _bit = 0;
        if ((long)_widths[_miniblock] * _valuesPerMiniblock / 8 > _end - Position)
            throw Damaged();
    }

    private void SkipMiniblock()
    {
        if (_miniblock < _miniblocks && _bit >= 0)
            Position += (int)((long)_widths[_miniblock] * _valuesPerMiniblock / 8);
        _bit = -1;
        _inMiniblock = 0;
    }

    private ulong Unpack(int width)
    {
        var value = 0UL;
        for (var got = 0; got < width;)
        {
            var at = Position + (_bit >> 3);
            if (at >= _end)
                throw Damaged();
            var take = Math.Min(8 - (_bit & 7), width - got);
            value |= (((ulong)_data[at] >> (_bit & 7)) & ((1UL << take) - 1)) << got;
            got += take;
            _bit += take;
        }

        return value;
    }

    private long ZigZag() => Varint() is var bits ? (long)(bits >> 1) ^ -(long)(bits & 1) : 0;

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (Position >= _end)
                throw Damaged();
            var b = _data[Position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw Damaged();
    }

    private static CorruptDataException Damaged() => new("the differences in a page are damaged.");
}
