using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Glia.Interchange.Protobuf;

/// <summary>Writes protocol buffers. What has the value that the format supposes when nothing is written is left out, as the format asks.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public void Int64(int field, long value, bool always = false)
    {
        if (value == 0 && !always)
            return;
        Tag(field, WireType.Varint);
        Varint((ulong)value);
    }

    public void Single(int field, float value, bool always = false)
    {
        if (BitConverter.SingleToInt32Bits(value) == 0 && !always)
            return;
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
    }

    public void Double(int field, double value)
    {
        if (BitConverter.DoubleToInt64Bits(value) == 0)
            return;
        Tag(field, WireType.Fixed64);
        Fixed64(value);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Text(int field, string? value, bool always = false)
    {
        if (always || !string.IsNullOrEmpty(value))
            Bytes(field, Encoding.UTF8.GetBytes(value ?? ""));
    }

    public void Texts(int field, List<string>? values)
    {
        foreach (var value in values ?? [])
            Text(field, value, always: true);
    }

    public void Message(int field, ProtoMessage? message)
    {
        if (message is null)
            return;
        var inner = new ProtoWriter();
        message.Write(inner);
        Bytes(field, inner.Written);
    }

    /// <summary>A message that has been written already.</summary>
    public void Message(int field, ProtoWriter message) => Bytes(field, message.Written);

    public void Messages<T>(int field, List<T>? messages)
        where T : ProtoMessage
    {
        foreach (var message in messages ?? [])
            Message(field, message);
    }

    public void Integers(int field, IReadOnlyCollection<long>? values)
    {
        if (values is not { Count: > 0 })
            return;
        var inner = new ProtoWriter();
        foreach (var value in values)
            inner.Varint((ulong)value);
        Bytes(field, inner.Written);
    }

    public void Singles(int field, List<float>? values)
    {
        if (values is not { Count: > 0 })
            return;
        var bytes = new byte[values.Count * 4];
        for (var i = 0; i < values.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), values[i]);
        Bytes(field, bytes);
    }

    public void Doubles(int field, ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return;
        Tag(field, WireType.Bytes);
        Varint((ulong)values.Length * sizeof(double));
        foreach (var value in values)
            Fixed64(value);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>What has been written so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Begins anew in the same memory.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    private void Tag(int field, WireType wire) => Varint(((ulong)field << 3) | (uint)wire);

    private void Fixed64(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    /// <summary>Seven bits to a byte, the low ones first.</summary>
    private void Varint(ulong value)
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
