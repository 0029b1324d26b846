using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Glia.Runs;

/// <summary>The few parts of the protocol buffers' wire format that event files need. A message inside another is written first into a buffer of its own, since its length goes before it.</summary>
internal sealed class ProtobufBuffer
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Integer(int field, long value)
    {
        Key(field, Varint);
        Raw((ulong)value);
    }

    public void Double(int field, double value)
    {
        Key(field, Fixed64);
        Raw(value);
    }

    public void Float(int field, float value)
    {
        Key(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
    }

    public void Text(int field, string value)
    {
        Key(field, Delimited);
        Raw((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _bytes);
    }

    public void Message(int field, ProtobufBuffer value)
    {
        Key(field, Delimited);
        Raw((ulong)value.Bytes.Length);
        _bytes.Write(value.Bytes);
    }

    /// <summary>A repeated field in packed form.</summary>
    public void Doubles(int field, ReadOnlySpan<double> values)
    {
        Key(field, Delimited);
        Raw((ulong)values.Length * sizeof(double));
        foreach (var value in values)
            Raw(value);
    }

    private void Key(int field, int type) => Raw((ulong)((field << 3) | type));

    private void Raw(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    /// <summary>Seven bits to a byte, the low ones first.</summary>
    private void Raw(ulong value)
    {
        const int Longest = 10;
        var span = _bytes.GetSpan(Longest);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
