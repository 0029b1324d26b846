using System.Buffers.Binary;
using System.IO.Compression;

namespace Glia.Fuzz;

/// <summary>PNG: changes a chunk, also what is compressed in it, and puts lengths and checksums right.</summary>
internal sealed class PngStructure : IStructure
{
    private const int SignatureBytes = 8;
    private const int MostExpanded = 1 << 16;

    public byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random)
    {
        var chunks = new List<(byte[] Type, byte[] Content)>();
        for (var at = SignatureBytes; at + 12 <= input.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(input.AsSpan(at));
            if (length > input.Length - at - 12)
                break;
            chunks.Add((input.AsSpan(at + 4, 4).ToArray(), input.AsSpan(at + 8, (int)length).ToArray()));
            at += 12 + (int)length;
        }

        if (chunks.Count == 0)
            return null;
        var index = random.Next(chunks.Count);
        var (type, content) = chunks[index];
        switch (random.Next(10))
        {
            case 0:
                chunks.RemoveAt(index);
                break;
            case 1:
                chunks.Insert(random.Next(chunks.Count + 1), chunks[index]);
                break;
            case 2:
                chunks[index] = (change(type) is { Length: >= 4 } changed ? changed[..4] : type, content);
                break;
            default:
                chunks[index] = (type, type.AsSpan().SequenceEqual("IDAT"u8) && random.Next(4) > 0 && Expand(content) is { } expanded ? Compress(change(expanded)) : change(content));
                break;
        }

        var output = new List<byte>(input.AsSpan(0, SignatureBytes).ToArray());
        Span<byte> number = stackalloc byte[4];
        foreach (var chunk in chunks)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, chunk.Content.Length);
            output.AddRange(number);
            byte[] body = [.. chunk.Type, .. chunk.Content];
            output.AddRange(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Checksums.Crc32(body));
            output.AddRange(number);
        }

        return [.. output];
    }

    private static byte[]? Expand(byte[] content)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(content), CompressionMode.Decompress);
            var bytes = new byte[MostExpanded];
            return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private static byte[] Compress(byte[] content)
    {
        var output = new MemoryStream();
        using (var stream = new ZLibStream(output, CompressionLevel.Fastest))
            stream.Write(content);
        return output.ToArray();
    }
}
