using System.Text;

namespace Glia.Data;

/// <summary>Reads the compact protocol of Thrift, in which Parquet describes itself; everything is checked and unknown fields are passed over.</summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int DeepestNesting = 32;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>How many bytes were read.</summary>
    public int Position { get; private set; }

    /// <summary>The next field of a structure; false at its end.</summary>
    /// <param name="id">In: the field before, 0 at the beginning. Out: this one.</param>
    /// <param name="type">What it holds.</param>
    public bool Field(ref int id, out ThriftType type)
    {
        var head = Byte();
        type = (ThriftType)(head & 15);
        if (type == ThriftType.Stop)
            return false;
        id = head >> 4 is var delta and > 0 ? id + delta : (int)ZigZag();
        return true;
    }

    public static bool Bool(ThriftType type) => type switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Unexpected(type),
    };

    public long Integer(ThriftType type) => type switch
    {
        ThriftType.Byte => (sbyte)Byte(),
        ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64 => ZigZag(),
        _ => throw Unexpected(type),
    };

    public int Int32(ThriftType type) => Integer(type) is var value && value == (int)value ? (int)value : throw Damaged();

    public string Text(ThriftType type)
    {
        if (type != ThriftType.Binary)
            throw Unexpected(type);
        return Encoding.UTF8.GetString(Take(Varint()));
    }

    /// <summary>The length of a list, whose elements follow; each takes a byte at least.</summary>
    public int List(ThriftType type, out ThriftType element)
    {
        if (type is not (ThriftType.List or ThriftType.Set))
            throw Unexpected(type);
        var head = Byte();
        element = (ThriftType)(head & 15);
        var count = head >> 4 is var few and < 15 ? (ulong)few : Varint();
        return count <= (ulong)(_data.Length - Position) ? (int)count : throw Truncated();
    }

    public void Skip(ThriftType type) => Skip(type, DeepestNesting, isElement: false);

    public static void Expect(ThriftType given, ThriftType expected)
    {
        if (given != expected)
            throw Unexpected(given);
    }

    private void Skip(ThriftType type, int depth, bool isElement)
    {
        if (depth == 0)
            throw Damaged();
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                if (isElement)
                    Byte();
                break;
            case ThriftType.Byte:
                Byte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                Take(8);
                break;
            case ThriftType.Binary:
                Take(Varint());
                break;
            case ThriftType.Uuid:
                Take(16);
                break;
            case ThriftType.List or ThriftType.Set:
                var count = List(type, out var element);
                for (var i = 0; i < count; i++)
                    Skip(element, depth - 1, isElement: true);
                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Struct:
                for (var id = 0; Field(ref id, out var field);)
                    Skip(field, depth - 1, isElement: false);
                break;
            default:
                throw Unexpected(type);
        }
    }

    private void SkipMap(int depth)
    {
        var count = Varint();
        if (count == 0)
            return;
        var types = Byte();
        for (ulong i = 0; i < count; i++)
        {
            Skip((ThriftType)(types >> 4), depth - 1, isElement: true);
            Skip((ThriftType)(types & 15), depth - 1, isElement: true);
        }
    }

    private byte Byte() => Position < _data.Length ? _data[Position++] : throw Truncated();

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_data.Length - Position))
            throw Truncated();
        var taken = _data.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    private long ZigZag() => Varint() is var bits ? (long)(bits >> 1) ^ -(long)(bits & 1) : 0;

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw Damaged();
    }

    private static CorruptDataException Truncated() => new("the description of the file or of a page ends too early; the file is damaged.", isTruncated: true);

    private static CorruptDataException Damaged() => new("the description of the file or of a page is damaged.");

    private static CorruptDataException Unexpected(ThriftType type) => new($"the description of the file or of a page has a field of type {(int)type} where another was expected; the file is damaged.");
}

/// <summary>What a field of a Thrift structure holds.</summary>
internal enum ThriftType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
    Uuid = 13,
}
