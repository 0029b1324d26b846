using System.Buffers.Binary;
using System.Text;

namespace Glia.Interchange.Tests.Safetensors;

internal static class SafetensorsBytes
{
    /// <summary>A file with this header text and so many bytes of data.</summary>
    public static byte[] File(string header, int dataLength = 0)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return File((ulong)json.Length, [.. json, .. new byte[dataLength]]);
    }

    public static byte[] File(ulong headerLength, byte[] rest)
    {
        var file = new byte[8 + rest.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, headerLength);
        rest.CopyTo(file, 8);
        return file;
    }

    public static SafetensorsFile Read(string header, int dataLength = 0) => SafetensorsFile.Read(File(header, dataLength));
}
