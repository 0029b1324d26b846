using System.IO.Compression;

namespace Glia.Fuzz;

/// <summary>A file compressed with gzip: changes what is inside.</summary>
internal sealed class GZipStructure : IStructure
{
    private const int MostExpanded = 1 << 16;

    public byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random)
    {
        if (input.Length < 2 || input[0] != 0x1F)
            return null;
        try
        {
            using var stream = new GZipStream(new MemoryStream(input), CompressionMode.Decompress);
            var bytes = new byte[MostExpanded];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var output = new MemoryStream();
            using (var compress = new GZipStream(output, CompressionLevel.Fastest))
                compress.Write(change(bytes[..count]));
            return output.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
