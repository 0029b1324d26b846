using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>Reads the rows of a column in a batch and gives its cells to a sink.</summary>
internal sealed class ArrowColumnReader(string name, ArrowType type, ArrowBuffer[] buffers, bool hasMissing, Column? dictionary, ColumnSink sink)
{
    private const int ViewBytes = 16;
    private const int LongestInView = 12;
    private const int MostNulls = 1 << 16;

    private byte[] _missing = [];

    /// <summary>The number of entries, if the column is a dictionary, after a look whether they are there.</summary>
    public int Believed(long rows)
    {
        var count = CorruptDataException.Length(rows, type.Storage == ArrowStorage.Null ? MostNulls : int.MaxValue, "the number of entries of a dictionary");
        if (type.Storage != ArrowStorage.Null)
        {
            buffers[1].Slice(0, type.Storage switch
            {
                ArrowStorage.Bool => (rows + 7) / 8,
                ArrowStorage.Text => rows * 4,
                ArrowStorage.LargeText => rows * 8,
                ArrowStorage.TextView => rows * ViewBytes,
                _ => rows * type.Width,
            });
        }

        return count;
    }

    /// <summary>Reads the rows from <paramref name="first"/> on and adds those that are to be kept.</summary>
    public void Read(long first, ReadOnlySpan<bool> keep)
    {
        try
        {
            ReadMissing(first, keep.Length);
            if (type.Storage == ArrowStorage.Null)
                ReadNulls(keep);
            else if (type.Storage == ArrowStorage.Bool)
                ReadBools(first, keep);
            else if (type.Storage is ArrowStorage.Text or ArrowStorage.LargeText)
                ReadTexts(first, keep, type.Storage == ArrowStorage.Text ? 4 : 8);
            else if (type.Storage == ArrowStorage.TextView)
                ReadViews(first, keep);
            else
                ReadFixed(first, keep);
        }
        catch (CorruptDataException e)
        {
            throw new CorruptDataException($"column '{name}': {e.Message}");
        }
    }

    // A copy, since the buffer's window moves.
    private void ReadMissing(long first, int count)
    {
        _missing = hasMissing && type.Storage != ArrowStorage.Null && buffers[0].Length > 0
            ? buffers[0].Slice(first / 8, ((first + count - 1) / 8) - (first / 8) + 1).ToArray()
            : [];
    }

    private bool IsMissing(long first, int row) => _missing.Length > 0 && ((_missing[((first & 7) + row) / 8] >> (int)((first + row) & 7)) & 1) == 0;

    /// <summary>Whether a row is to be kept and has a value; one that is kept and has none is noted.</summary>
    private bool HasValue(long first, ReadOnlySpan<bool> keep, int row)
    {
        if (!keep[row])
            return false;
        if (!IsMissing(first, row))
            return true;
        sink.Missing();
        return false;
    }

    private void ReadNulls(ReadOnlySpan<bool> keep)
    {
        foreach (var kept in keep)
        {
            if (kept)
                sink.Missing();
        }
    }

    private void ReadBools(long first, ReadOnlySpan<bool> keep)
    {
        var bits = buffers[1].Slice(first / 8, ((first + keep.Length - 1) / 8) - (first / 8) + 1);
        for (var i = 0; i < keep.Length; i++, sink.Row++)
        {
            if (HasValue(first, keep, i))
                sink.Bool(((bits[(int)(((first & 7) + i) / 8)] >> (int)((first + i) & 7)) & 1) != 0);
        }
    }

    private void ReadFixed(long first, ReadOnlySpan<bool> keep)
    {
        var width = type.Width;
        var values = buffers[1].Slice(first * width, (long)keep.Length * width);
        for (var i = 0; i < keep.Length; i++, sink.Row++)
        {
            if (HasValue(first, keep, i))
                Add(values.Slice(i * width, width));
        }
    }

    private void Add(ReadOnlySpan<byte> value)
    {
        switch (type.Storage)
        {
            case ArrowStorage.Float:
                if (value.Length == 2)
                    sink.Half(BinaryPrimitives.ReadUInt16LittleEndian(value));
                else
                    sink.Number(value.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(value) : BinaryPrimitives.ReadDoubleLittleEndian(value));
                break;
            case ArrowStorage.Decimal:
                if (value.Length <= 8)
                    sink.Decimal(Integer(value), (int)type.Scale);
                else
                    sink.Decimal(value, (int)type.Scale, isBigEndian: false);
                break;
            case ArrowStorage.Date:
                sink.Date(Math.DivRem(Integer(value), type.Scale) is var (days, rest) && rest < 0 ? days - 1 : days);
                break;
            case ArrowStorage.Time:
                sink.Time(Integer(value), type.Scale);
                break;
            case ArrowStorage.Timestamp:
                sink.Timestamp(Integer(value), type.Scale);
                break;
            default:
                AddInteger(Integer(value));
                break;
        }
    }

    private void AddInteger(long value)
    {
        if (dictionary is null)
            sink.Number(type.IsSigned ? value : (ulong)value);
        else if ((ulong)value < (ulong)dictionary.Count)
            sink.Copy(dictionary, (int)value);
        else
            throw new CorruptDataException($"entry {value} of a dictionary of {dictionary.Count} is referred to; the file is damaged.");
    }

    private long Integer(ReadOnlySpan<byte> value) => value.Length switch
    {
        1 => type.IsSigned ? (sbyte)value[0] : value[0],
        2 => type.IsSigned ? BinaryPrimitives.ReadInt16LittleEndian(value) : BinaryPrimitives.ReadUInt16LittleEndian(value),
        4 => type.IsSigned ? BinaryPrimitives.ReadInt32LittleEndian(value) : BinaryPrimitives.ReadUInt32LittleEndian(value),
        _ => BinaryPrimitives.ReadInt64LittleEndian(value),
    };

    private void ReadTexts(long first, ReadOnlySpan<bool> keep, int width)
    {
        var offsets = buffers[1].Slice(first * width, ((long)keep.Length + 1) * width);
        for (var i = 0; i < keep.Length; i++, sink.Row++)
        {
            if (!HasValue(first, keep, i))
                continue;
            var start = Offset(offsets[(i * width)..], width);
            sink.Utf8(buffers[2].Slice(start, Offset(offsets[((i + 1) * width)..], width) - start));
        }
    }

    private static long Offset(ReadOnlySpan<byte> bytes, int width) => width == 4 ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);

    // A view is the text itself where it is short, otherwise its length, beginning, buffer and place.
    private void ReadViews(long first, ReadOnlySpan<bool> keep)
    {
        var views = buffers[1].Slice(first * ViewBytes, (long)keep.Length * ViewBytes);
        for (var i = 0; i < keep.Length; i++, sink.Row++)
        {
            if (!HasValue(first, keep, i))
                continue;
            var view = views.Slice(i * ViewBytes, ViewBytes);
            var length = BinaryPrimitives.ReadInt32LittleEndian(view);
            if (length is >= 0 and <= LongestInView)
            {
                sink.Utf8(view.Slice(4, length));
                continue;
            }

            var buffer = BinaryPrimitives.ReadInt32LittleEndian(view[8..]);
            if (buffer < 0 || buffer >= buffers.Length - 2)
                throw new CorruptDataException($"the text buffer {buffer} of {buffers.Length - 2} is referred to; the file is damaged.");
            sink.Utf8(buffers[2 + buffer].Slice(BinaryPrimitives.ReadInt32LittleEndian(view[12..]), length));
        }
    }
}
