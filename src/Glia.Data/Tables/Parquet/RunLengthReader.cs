namespace Glia.Data;

/// <summary>Small whole numbers as Parquet packs them: runs of one value, and groups of eight of a fixed number of bits.</summary>
internal sealed class RunLengthReader
{
    private readonly byte[] _data;
    private readonly int _end;
    private readonly int _bits;
    private int _position;
    private long _run;
    private int _value;
    private long _packed;
    private ulong _buffer;
    private int _buffered;

    public RunLengthReader(byte[] data, int start, int length, int bits)
    {
        if (bits is < 0 or > 32)
            throw new CorruptDataException($"numbers of {bits} bits are said to be packed; the file is damaged.");
        _data = data;
        _position = start;
        _end = start + length;
        _bits = bits;
    }

    public int Next()
    {
        while (true)
        {
            if (_run > 0)
            {
                _run--;
                return _value;
            }

            if (_packed > 0)
            {
                _packed--;
                return Unpack();
            }

            Begin();
        }
    }

    private void Begin()
    {
        var head = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var b = Byte();
            head |= (long)(b & 0x7F) << shift;
            if (b < 0x80)
                break;
            if (shift >= 35)
                throw Damaged();
        }

        if ((head & 1) != 0)
        {
            _packed = (head >> 1) * 8;
            (_buffer, _buffered) = (0, 0);
            return;
        }

        _run = head >> 1;
        _value = 0;
        for (var shift = 0; shift < _bits; shift += 8)
            _value |= Byte() << shift;
    }

    private int Unpack()
    {
        // The last group may be cut where its values end.
        while (_buffered < _bits)
        {
            _buffer |= (ulong)Byte() << _buffered;
            _buffered += 8;
        }

        var value = (int)(_buffer & ((1UL << _bits) - 1));
        _buffer >>= _bits;
        _buffered -= _bits;
        return value;
    }

    private byte Byte() => _position < _end ? _data[_position++] : throw Damaged();

    private static CorruptDataException Damaged() => new("the packed numbers of a page end too early; the file is damaged.");
}
