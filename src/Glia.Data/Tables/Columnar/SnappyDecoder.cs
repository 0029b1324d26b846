using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>Expands a block of Snappy: literals and copies of what came before. Source: the format description of google/snappy.</summary>
internal static class SnappyDecoder
{
    // A copy of up to 64 bytes takes two bytes or more.
    private const int MostExpansion = 32;

    public static byte[] Decode(ReadOnlySpan<byte> source)
    {
        var position = 0;
        var length = CorruptDataException.Length(ReadLength(source, ref position), (long)source.Length * MostExpansion, "the length of a Snappy block");
        var output = new byte[length];
        var written = 0;
        while (position < source.Length)
        {
            var tag = source[position++];
            if ((tag & 3) == 0)
            {
                var count = (tag >> 2) + 1L;
                if (count > 60)
                {
                    var bytes = (int)count - 60;
                    count = Little(source, position, bytes) + 1L;
                    position += bytes;
                }

                if (count > source.Length - position || count > output.Length - written)
                    throw Damaged();
                source.Slice(position, (int)count).CopyTo(output.AsSpan(written));
                position += (int)count;
                written += (int)count;
                continue;
            }

            var size = (tag & 3) == 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
            long offset;
            switch (tag & 3)
            {
                case 1:
                    offset = ((tag >> 5) * 256) + Little(source, position, 1);
                    position++;
                    break;
                case 2:
                    offset = Little(source, position, 2);
                    position += 2;
                    break;
                default:
                    offset = Little(source, position, 4);
                    position += 4;
                    break;
            }

            BlockCopy.Repeat(output, ref written, offset, size);
        }

        return written == output.Length ? output : throw Damaged();
    }

    private static uint Little(ReadOnlySpan<byte> source, int position, int bytes)
    {
        if (bytes > source.Length - position)
            throw Damaged();
        Span<byte> number = stackalloc byte[4];
        number.Clear();
        source.Slice(position, bytes).CopyTo(number);
        return BinaryPrimitives.ReadUInt32LittleEndian(number);
    }

    private static long ReadLength(ReadOnlySpan<byte> source, ref int position)
    {
        var length = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (position >= source.Length)
                throw Damaged();
            var b = source[position++];
            length |= (long)(b & 0x7F) << shift;
            if (b < 0x80)
                return length;
        }

        throw Damaged();
    }

    private static CorruptDataException Damaged() => new("a Snappy block is damaged.");
}
