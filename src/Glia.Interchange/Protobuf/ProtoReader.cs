using System.Buffers.Binary;
using System.Text;

namespace Glia.Interchange.Protobuf;

/// <summary>How a field of a protocol buffer lies in the file.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads protocol buffers in memory. Lengths are checked against what is there before anything is made from them; texts and bytes are views of the file, messages inside
/// messages are limited in depth.
/// </summary>
internal ref struct ProtoReader(ReadOnlyMemory<byte> memory, int depth)
{
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _span = memory.Span;
    private int _position;
    private int _fieldStart;

    /// <summary>The number of the field that was met last.</summary>
    public int Field { get; private set; }

    public WireType Wire { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_position == _span.Length)
            return false;
        _fieldStart = _position;
        var tag = Varint();
        Field = tag >> 3 is > 0 and < 1 << 29 ? (int)(tag >> 3) : throw Error("a field has no number");
        Wire = (WireType)(tag & 7);
        if (Wire is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
            throw Error($"field {Field} has the unknown wire type {(int)Wire}");
        return true;
    }

    public long Int64()
    {
        Require(WireType.Varint);
        return (long)Varint();
    }

    public int Int32() => unchecked((int)Int64());

    public float Single()
    {
        Require(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span);
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        Require(WireType.Bytes);
        var length = Varint();
        if (length > (ulong)(_span.Length - _position))
            throw Error($"field {Field} should be {length} bytes long but only {_span.Length - _position} follow");
        return Take((int)length);
    }

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    /// <summary>A message inside this one.</summary>
    public T Message<T>(T message)
        where T : ProtoMessage
    {
        message.Read(Bytes(), Deeper());
        return message;
    }

    /// <summary>One number of a repeated field, or all of them where they are packed.</summary>
    public void Integers(List<long> values)
    {
        if (Wire == WireType.Varint)
        {
            values.Add((long)Varint());
            return;
        }
        var packed = new ProtoReader(Bytes(), depth);
        while (packed._position < packed._span.Length)
            values.Add((long)packed.Varint());
    }

    /// <inheritdoc cref="Integers"/>
    public void Singles(List<float> values)
    {
        if (Wire == WireType.Fixed32)
        {
            values.Add(Single());
            return;
        }
        var bytes = Bytes().Span;
        if (bytes.Length % 4 != 0)
            throw Error($"field {Field} is no list of 32-bit numbers");
        for (var i = 0; i < bytes.Length; i += 4)
            values.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes[i..]));
    }

    /// <inheritdoc cref="Integers"/>
    public void Doubles(List<double> values)
    {
        var bytes = Wire == WireType.Fixed64 ? Take(8).Span : Bytes().Span;
        if (bytes.Length % 8 != 0)
            throw Error($"field {Field} is no list of 64-bit numbers");
        for (var i = 0; i < bytes.Length; i += 8)
            values.Add(BinaryPrimitives.ReadDoubleLittleEndian(bytes[i..]));
    }

    /// <summary>Passes over a field, and gives it with its tag, to be written again as it is.</summary>
    public ReadOnlyMemory<byte> Skip()
    {
        switch (Wire)
        {
            case WireType.Varint: Varint(); break;
            case WireType.Fixed64: Take(8); break;
            case WireType.Fixed32: Take(4); break;
            default: Bytes(); break;
        }
        return memory[_fieldStart.._position];
    }

    private readonly int Deeper() => depth < MaxDepth ? depth + 1 : throw Error($"messages are nested more than {MaxDepth} deep");

    private readonly void Require(WireType wire)
    {
        if (Wire != wire)
            throw Error($"field {Field} has the wire type {Wire} where {wire} was expected");
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > _span.Length - _position)
            throw Error($"field {Field} is cut short");
        _position += count;
        return memory.Slice(_position - count, count);
    }

    private ulong Varint()
    {
        const int MostBits = 64;
        var value = 0ul;
        for (var shift = 0; shift < MostBits; shift += 7)
        {
            if (_position == _span.Length)
                throw Error("a number is cut short");
            var part = _span[_position++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        throw Error("a number is longer than 64 bits");
    }

    private static OnnxException Error(string problem) => new($"{problem}; the file is damaged or not in the ONNX format");
}
