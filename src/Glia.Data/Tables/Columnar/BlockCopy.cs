namespace Glia.Data;

/// <summary>The copy of what came before, which block compressors are made of.</summary>
internal static class BlockCopy
{
    /// <summary>Appends <paramref name="count"/> bytes from <paramref name="offset"/> before the end; where they overlap, what is being written is repeated.</summary>
    public static void Repeat(Span<byte> output, ref int written, long offset, int count)
    {
        if (offset < 1 || offset > written || count > output.Length - written)
            throw new CorruptDataException("a compressed block refers to bytes that it does not have; the file is damaged.");
        var from = written - (int)offset;
        if (offset >= count)
        {
            output.Slice(from, count).CopyTo(output[written..]);
            written += count;
            return;
        }

        for (var i = 0; i < count; i++)
            output[written++] = output[from + i];
    }
}
