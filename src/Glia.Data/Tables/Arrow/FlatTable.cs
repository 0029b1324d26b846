using System.Buffers.Binary;
using System.Text;

namespace Glia.Data;

/// <summary>A table of a FlatBuffer, in which Arrow describes itself; every offset is checked. Source: the internals page of FlatBuffers.</summary>
internal readonly ref struct FlatTable
{
    private readonly ReadOnlySpan<byte> _data;
    private readonly int _position;
    private readonly int _slots;
    private readonly int _slotCount;

    private FlatTable(ReadOnlySpan<byte> data, long position)
    {
        _data = data;
        _position = Inside(data, position, 4);
        _slots = Inside(data, position - Int32(data, _position), 4);
        var bytes = BinaryPrimitives.ReadUInt16LittleEndian(data[_slots..]);
        if (bytes < 4 || bytes > data.Length - _slots)
            throw Damaged();
        _slotCount = (bytes - 4) / 2;
    }

    /// <summary>The table that a buffer is about.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> data) => new(data, (uint)Int32(data, Inside(data, 0, 4)));

    public bool Has(int slot) => Place(slot) != 0;

    public long Int64(int slot, long otherwise = 0) => Place(slot) is var at && at == 0 ? otherwise : BinaryPrimitives.ReadInt64LittleEndian(_data[Inside(_data, at, 8)..]);

    public int Int32(int slot, int otherwise = 0) => Place(slot) is var at && at == 0 ? otherwise : Int32(_data, Inside(_data, at, 4));

    public short Int16(int slot, short otherwise = 0) => Place(slot) is var at && at == 0 ? otherwise : BinaryPrimitives.ReadInt16LittleEndian(_data[Inside(_data, at, 2)..]);

    public byte Byte(int slot, byte otherwise = 0) => Place(slot) is var at && at == 0 ? otherwise : _data[Inside(_data, at, 1)];

    public FlatTable Table(int slot) => new(_data, Follow(Place(slot)));

    /// <summary>A text.</summary>
    /// <param name="slot">Where it is.</param>
    /// <param name="left">How many bytes it may have, from which they are taken: tables may share texts, and parts of them.</param>
    public string Text(int slot, ref int left)
    {
        if (!Has(slot))
            return "";
        var (start, count) = Vector(slot, 1);
        if ((left -= count) < 0)
            throw Damaged();
        return Encoding.UTF8.GetString(_data.Slice(start, count));
    }

    /// <summary>The number of elements of a vector of tables.</summary>
    public int Count(int slot) => Has(slot) ? Vector(slot, 4).Count : 0;

    /// <summary>An element of a vector of tables.</summary>
    public FlatTable Element(int slot, int index)
    {
        var (start, count) = Vector(slot, 4);
        return index < count ? new(_data, Follow(start + (4 * index))) : throw Damaged();
    }

    /// <summary>A vector of whole numbers, or of structures of such.</summary>
    public long[] Numbers(int slot, int numbersPerElement = 1)
    {
        if (!Has(slot))
            return [];
        var (start, count) = Vector(slot, 8 * numbersPerElement);
        var numbers = new long[count * numbersPerElement];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(_data[(start + (8 * i))..]);
        return numbers;
    }

    private (int Start, int Count) Vector(int slot, int elementBytes)
    {
        var start = Follow(Place(slot));
        var count = (uint)Int32(_data, Inside(_data, start, 4));
        if (count > (_data.Length - start - 4) / elementBytes)
            throw Damaged();
        return ((int)start + 4, (int)count);
    }

    private int Place(int slot)
    {
        if (slot >= _slotCount)
            return 0;
        var offset = BinaryPrimitives.ReadUInt16LittleEndian(_data[(_slots + 4 + (2 * slot))..]);
        return offset == 0 ? 0 : Inside(_data, _position + (long)offset, 1);
    }

    private long Follow(int at) => at == 0 ? throw Damaged() : at + (long)(uint)Int32(_data, Inside(_data, at, 4));

    private static int Inside(ReadOnlySpan<byte> data, long position, int bytes) => position >= 0 && position <= data.Length - bytes ? (int)position : throw Damaged();

    private static int Int32(ReadOnlySpan<byte> data, int at) => BinaryPrimitives.ReadInt32LittleEndian(data[at..]);

    private static CorruptDataException Damaged() => new("the description of the file or of a batch is damaged.");
}
