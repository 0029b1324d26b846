using System.Buffers.Binary;

namespace Glia.Data;

/// <summary>Expands LZ4: single blocks, blocks as Hadoop frames them, and frames. Source: the descriptions of the LZ4 block and frame formats.</summary>
internal static class Lz4Decoder
{
    private const int MostExpansion = 256;
    private const int ShortestMatch = 4;
    private const uint FrameMagic = 0x184D2204;

    /// <summary>A block whose expanded length is known.</summary>
    public static byte[] DecodeBlock(ReadOnlySpan<byte> source, long length)
    {
        var output = new byte[Checked(length, source.Length)];
        var written = 0;
        Decode(source, output, ref written);
        return written == output.Length ? output : throw Damaged();
    }

    /// <summary>Blocks after two big-endian lengths each, expanded and compressed; a bare block where there are none, as older writers left them.</summary>
    public static byte[] DecodeHadoop(ReadOnlySpan<byte> source, long length)
    {
        var blocks = source;
        while (blocks.Length >= 8 && BinaryPrimitives.ReadInt32BigEndian(blocks[4..]) is var size && size >= 0 && size <= blocks.Length - 8)
            blocks = blocks[(8 + size)..];
        if (!blocks.IsEmpty)
            return DecodeBlock(source, length);

        var output = new byte[Checked(length, source.Length)];
        var written = 0;
        while (!source.IsEmpty)
        {
            var expanded = BinaryPrimitives.ReadInt32BigEndian(source);
            var size = BinaryPrimitives.ReadInt32BigEndian(source[4..]);
            var before = written;
            Decode(source.Slice(8, size), output, ref written);
            if (written - before != expanded)
                throw Damaged();
            source = source[(8 + size)..];
        }

        return written == output.Length ? output : throw Damaged();
    }

    /// <summary>A frame whose expanded length is known; checksums are not verified.</summary>
    public static byte[] DecodeFrame(ReadOnlySpan<byte> source, long length)
    {
        if (source.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(source) != FrameMagic)
            throw Damaged();
        var flags = source[4];
        if (flags >> 6 != 1 || (flags & 1) != 0)
            throw new CorruptDataException("an LZ4 frame is of another version or needs a dictionary.");
        var position = 7 + ((flags & 8) != 0 ? 8 : 0);
        var output = new byte[Checked(length, source.Length)];
        var written = 0;
        while (true)
        {
            if (position + 4 > source.Length)
                throw Damaged();
            var word = BinaryPrimitives.ReadUInt32LittleEndian(source[position..]);
            position += 4;
            if (word == 0)
                return written == output.Length ? output : throw Damaged();
            var size = (int)(word & 0x7FFFFFFF);
            if (size > source.Length - position)
                throw Damaged();
            var block = source.Slice(position, size);
            position += size + ((flags & 16) != 0 ? 4 : 0);
            if (word >> 31 == 0)
            {
                Decode(block, output, ref written);
                continue;
            }

            if (size > output.Length - written)
                throw Damaged();
            block.CopyTo(output.AsSpan(written));
            written += size;
        }
    }

    private static void Decode(ReadOnlySpan<byte> source, Span<byte> output, ref int written)
    {
        for (var position = 0; position < source.Length;)
        {
            var token = source[position++];
            var literals = Length(source, ref position, token >> 4);
            if (literals > source.Length - position || literals > output.Length - written)
                throw Damaged();
            source.Slice(position, literals).CopyTo(output[written..]);
            position += literals;
            written += literals;
            if (position == source.Length)
                return;
            if (position + 2 > source.Length)
                throw Damaged();
            var offset = BinaryPrimitives.ReadUInt16LittleEndian(source[position..]);
            position += 2;
            BlockCopy.Repeat(output, ref written, offset, ShortestMatch + Length(source, ref position, token & 15));
        }
    }

    private static int Length(ReadOnlySpan<byte> source, ref int position, int nibble)
    {
        var length = nibble;
        for (var b = nibble == 15 ? 255 : 0; b == 255;)
        {
            if (position >= source.Length)
                throw Damaged();
            length += b = source[position++];
            if (length > int.MaxValue - 512)
                throw Damaged();
        }

        return length;
    }

    private static int Checked(long length, int compressed) =>
        CorruptDataException.Length(length, ((long)compressed + 16) * MostExpansion, "the length of an LZ4 block");

    private static CorruptDataException Damaged() => new("an LZ4 block is damaged.");
}
