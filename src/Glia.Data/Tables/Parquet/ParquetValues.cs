using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>The values of a page, one after the other: as numbers of up to eight bytes, or as strings of bytes.</summary>
internal abstract class ParquetValues
{
    /// <summary>The next value as bits: a whole number, or the bits of a floating-point one.</summary>
    public virtual long NextNumber() => throw new CorruptDataException("the values of a page are written in a way that does not suit the type of its column; the file is damaged.");

    /// <summary>The next value as bytes, good until the next call.</summary>
    public virtual ReadOnlySpan<byte> NextBytes() => throw new CorruptDataException("the values of a page are written in a way that does not suit the type of its column; the file is damaged.");

    /// <summary>Begins to read values.</summary>
    /// <param name="column">The column, which says their type.</param>
    /// <param name="encoding">How they are written.</param>
    /// <param name="data">The page.</param>
    /// <param name="start">Where in it values begin.</param>
    public static ParquetValues Create(ParquetColumn column, ParquetEncoding encoding, byte[] data, int start) => (encoding, column.Type) switch
    {
        (ParquetEncoding.Plain, ParquetType.Boolean) => new Bits(data, start),
        (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary, _) => new Plain(column, data, start),
        (ParquetEncoding.RunLength, ParquetType.Boolean) => RunLengthBits.Create(data, start),
        (ParquetEncoding.DeltaBinary, ParquetType.Int32 or ParquetType.Int64) => new Deltas(column.Type == ParquetType.Int32, data, start),
        (ParquetEncoding.DeltaLengthBytes, ParquetType.Bytes) => new DeltaLengths(data, start),
        (ParquetEncoding.DeltaBytes, ParquetType.Bytes or ParquetType.FixedBytes) => new DeltaStrings(column, data, start),
        (ParquetEncoding.ByteStreamSplit, not (ParquetType.Boolean or ParquetType.Bytes or ParquetType.Int96)) => new SplitStreams(column, data, start),
        _ => throw new CorruptDataException($"values of type {column.Type} are written in the encoding {encoding}, which is not read."),
    };

    private static CorruptDataException Truncated() => new("the values of a page end too early; the file is damaged.");

    private static int Bytes(ParquetColumn column) => column.Type switch
    {
        ParquetType.Int32 or ParquetType.Float => 4,
        ParquetType.Int64 or ParquetType.Double => 8,
        _ => column.Width,
    };

    private sealed class Bits(byte[] data, int start) : ParquetValues
    {
        private int _next;

        public override long NextNumber()
        {
            var at = start + (_next >> 3);
            return at < data.Length ? (data[at] >> (_next++ & 7)) & 1 : throw Truncated();
        }
    }

    private sealed class Plain(ParquetColumn column, byte[] data, int start) : ParquetValues
    {
        private readonly int _width = Bytes(column);
        private int _position = start;

        public override long NextNumber()
        {
            var value = Take(_width);
            return _width == 4 ? BinaryPrimitives.ReadInt32LittleEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
        }

        public override ReadOnlySpan<byte> NextBytes() => Take(column.Type == ParquetType.Bytes ? BinaryPrimitives.ReadInt32LittleEndian(Take(4)) : _width);

        private ReadOnlySpan<byte> Take(int count)
        {
            if (count < 0 || count > data.Length - _position)
                throw Truncated();
            var taken = data.AsSpan(_position, count);
            _position += count;
            return taken;
        }
    }

    private sealed class RunLengthBits(RunLengthReader reader) : ParquetValues
    {
        public static RunLengthBits Create(byte[] data, int start)
        {
            if (data.Length - start < 4)
                throw Truncated();
            var length = CorruptDataException.Length(BinaryPrimitives.ReadInt32LittleEndian(data.AsSpan(start)), data.Length - start - 4, "the length of packed truth values");
            return new(new RunLengthReader(data, start + 4, length, 1));
        }

        public override long NextNumber() => reader.Next();
    }

    private sealed class Deltas(bool isInt32, byte[] data, int start) : ParquetValues
    {
        private readonly DeltaReader _reader = new(data, start, data.Length);

        // Differences of 32-bit numbers wrap around as those do.
        public override long NextNumber() => isInt32 ? (int)_reader.Next() : _reader.Next();
    }

    private sealed class DeltaLengths : ParquetValues
    {
        private readonly byte[] _data;
        private readonly DeltaReader _lengths;
        private int _position;

        public DeltaLengths(byte[] data, int start)
        {
            _data = data;
            _lengths = new DeltaReader(data, start, data.Length);
            // The bytes come after all the lengths.
            _position = DeltaReader.EndOf(data, start, data.Length);
        }

        public override ReadOnlySpan<byte> NextBytes()
        {
            var length = _lengths.Next();
            if (length < 0 || length > _data.Length - _position)
                throw Truncated();
            var taken = _data.AsSpan(_position, (int)length);
            _position += (int)length;
            return taken;
        }
    }

    private sealed class DeltaStrings : ParquetValues
    {
        private readonly ParquetColumn _column;
        private readonly DeltaReader _prefixes;
        private readonly DeltaLengths _suffixes;
        private byte[] _last = [];
        private int _length;

        public DeltaStrings(ParquetColumn column, byte[] data, int start)
        {
            _column = column;
            _prefixes = new DeltaReader(data, start, data.Length);
            _suffixes = new DeltaLengths(data, DeltaReader.EndOf(data, start, data.Length));
        }

        public override ReadOnlySpan<byte> NextBytes()
        {
            var prefix = _prefixes.Next();
            var suffix = _suffixes.NextBytes();
            if (prefix < 0 || prefix > _length)
                throw Truncated();
            var length = (int)prefix + suffix.Length;
            if (_column.Type == ParquetType.FixedBytes && length != _column.Width)
                throw Truncated();
            if (_last.Length < length)
                Array.Resize(ref _last, Math.Max(length, Math.Min(2 * _last.Length, Array.MaxLength)));
            suffix.CopyTo(_last.AsSpan((int)prefix));
            _length = length;
            return _last.AsSpan(0, length);
        }
    }

    /// <summary>All first bytes of the values, then all second ones, and so on, which compress better.</summary>
    private sealed class SplitStreams : ParquetValues
    {
        private readonly byte[] _data;
        private readonly int _start;
        private readonly int _count;
        private readonly byte[] _value;
        private int _next;

        public SplitStreams(ParquetColumn column, byte[] data, int start)
        {
            var width = Bytes(column);
            _data = data;
            _start = start;
            _count = (data.Length - start) / width;
            if (width > data.Length)
                throw Truncated();
            _value = new byte[width];
        }

        public override long NextNumber()
        {
            var value = NextBytes();
            return value.Length == 4 ? BinaryPrimitives.ReadInt32LittleEndian(value) : BinaryPrimitives.ReadInt64LittleEndian(value);
        }

        public override ReadOnlySpan<byte> NextBytes()
        {
            if (_next >= _count)
                throw Truncated();
            for (var i = 0; i < _value.Length; i++)
                _value[i] = _data[_start + (i * _count) + _next];
            _next++;
            return _value;
        }
    }
}
