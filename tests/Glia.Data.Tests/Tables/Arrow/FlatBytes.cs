using System.Buffers.Binary;

namespace Glia.Data.Tests;

/// <summary>Writes FlatBuffers by hand, also such as no library would: every place of a table has eight bytes, and anything may point to anything that comes later.</summary>
internal sealed class FlatBytes
{
    private const int Place = 8;

    private readonly List<byte> _bytes = [0, 0, 0, 0];

    public byte[] ToArray() => [.. _bytes];

    /// <summary>Adds a table, the first of which is what the buffer is about; where it is.</summary>
    public int Table(int slots)
    {
        var vtable = _bytes.Count;
        Add((short)(4 + (2 * slots)));
        Add((short)(4 + (Place * slots)));
        for (var i = 0; i < slots; i++)
            Add((short)0);
        var table = _bytes.Count;
        _bytes.AddRange(BitConverter.GetBytes(table - vtable));
        _bytes.AddRange(new byte[Place * slots]);
        if (vtable == 4)
            Write(0, table);
        return table;
    }

    /// <summary>Puts a number into a table.</summary>
    public FlatBytes Set(int table, int slot, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Span(At(table, slot), 8), value);
        return this;
    }

    /// <summary>Lets a place of a table point to what was added after it.</summary>
    public FlatBytes Point(int table, int slot, int target) => Point(At(table, slot), target);

    /// <summary>Lets a place point to what was added after it.</summary>
    public FlatBytes Point(int at, int target)
    {
        Write(at, target - at);
        return this;
    }

    /// <summary>Adds a vector of so many elements; its first element is four bytes on.</summary>
    public int Vector(int count, byte[] content)
    {
        var at = _bytes.Count;
        _bytes.AddRange(BitConverter.GetBytes(count));
        _bytes.AddRange(content);
        return at;
    }

    private int At(int table, int slot)
    {
        var vtable = table - BinaryPrimitives.ReadInt32LittleEndian(Span(table, 4));
        BinaryPrimitives.WriteInt16LittleEndian(Span(vtable + 4 + (2 * slot), 2), (short)(4 + (Place * slot)));
        return table + 4 + (Place * slot);
    }

    private void Add(short value) => _bytes.AddRange(BitConverter.GetBytes(value));

    private void Write(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(Span(at, 4), value);

    private Span<byte> Span(int at, int count) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_bytes).Slice(at, count);
}
