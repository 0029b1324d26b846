using System.IO.Compression;
using System.Numerics;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Glia.Data;

/// <summary>The compressions of columns.</summary>
internal enum ColumnCodec
{
    None,
    Snappy,
    GZip,
    Brotli,
    Zstandard,
    Lz4Block,
    Lz4Hadoop,
    Lz4Frame,
}

/// <summary>Expands the pages and buffers of columns, whose expanded length the file says; it is never taken for granted.</summary>
internal static class Decompressor
{
    private const int FirstBytes = 1 << 16;
    private const int MostBytes = 1 << 30;

    // What every decoder of Zstandard should take, says RFC 8878; writers that do not know the length beforehand use it for any.
    private const int UsualWindowLog = 23;

    public static byte[] Expand(ExpansionBudget budget, ColumnCodec codec, byte[] source, int start, int count, long length)
    {
        var bytes = source.AsSpan(start, count);
        if (length is < 0 or > MostBytes)
            throw new CorruptDataException($"{count} compressed bytes are said to be {length}; up to {MostBytes} are read. Write the file with smaller pages or batches.");
        budget.Expand(length);
        try
        {
            var expanded = codec switch
            {
                ColumnCodec.Snappy => SnappyDecoder.Decode(bytes),
                ColumnCodec.Lz4Block => Lz4Decoder.DecodeBlock(bytes, length),
                ColumnCodec.Lz4Hadoop => Lz4Decoder.DecodeHadoop(bytes, length),
                ColumnCodec.Lz4Frame => Lz4Decoder.DecodeFrame(bytes, length),
                ColumnCodec.GZip => ReadAll(new GZipStream(Open(), CompressionMode.Decompress), count, (int)length),
                ColumnCodec.Brotli => ReadAll(new BrotliStream(Open(), CompressionMode.Decompress), count, (int)length),
                ColumnCodec.Zstandard => ReadAll(Zstandard(Open(), (int)length), count, (int)length),
                _ => bytes.ToArray(),
            };
            return expanded.Length == length ? expanded : throw new CorruptDataException($"compressed data are {expanded.Length} bytes, but are said to be {length}; the file is damaged.");
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException or ZstdException)
        {
            throw new CorruptDataException($"compressed data cannot be expanded ({e.Message.TrimEnd('.')}); the file is damaged.");
        }

        MemoryStream Open() => new(source, start, count, writable: false);
    }

    // A frame says how far back it refers, for which memory is taken before anything comes.
    private static DecompressionStream Zstandard(Stream source, int length)
    {
        var stream = new DecompressionStream(source);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, Math.Max(UsualWindowLog, BitOperations.Log2((uint)length) + 1));
        return stream;
    }

    // The memory grows with what comes, not with what was promised.
    private static byte[] ReadAll(Stream stream, int compressed, int length)
    {
        using (stream)
        {
            var output = new byte[(int)Math.Min(length, Math.Max(FirstBytes, 8L * compressed))];
            var written = 0;
            while (true)
            {
                written += stream.ReadAtLeast(output.AsSpan(written), output.Length - written, throwOnEndOfStream: false);
                if (written < output.Length)
                    throw new CorruptDataException($"compressed data end after {written} of {length} bytes; the file is damaged.");
                if (written == length)
                    return output;
                Array.Resize(ref output, (int)Math.Min(length, 2L * output.Length));
            }
        }
    }
}
