using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Glia.Fuzz;

/// <summary>A safetensors file with texts in its header, such as the architecture of a model: changes one of them, or the header as it is written.</summary>
internal sealed class MetadataStructure : IStructure
{
    private const int LengthBytes = 8;

    public byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random)
    {
        if (random.Next(3) == 0)
            return FramedStructure.Safetensors.Mutate(input, change, random);
        if (input.Length < LengthBytes || BinaryPrimitives.ReadInt64LittleEndian(input) is var said && (said < 0 || said > input.Length - LengthBytes))
            return null;
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(input);
        try
        {
            if (JsonNode.Parse(input.AsSpan(LengthBytes, length)) is not JsonObject header || header["__metadata__"] is not JsonObject texts || texts.Count == 0)
                return null;
            var (key, value) = texts.ElementAt(random.Next(texts.Count));
            texts[key] = Encoding.UTF8.GetString(change(Encoding.UTF8.GetBytes(value!.GetValue<string>())));
            var json = Encoding.UTF8.GetBytes(header.ToJsonString());
            Span<byte> number = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(number, json.Length);
            return [.. number, .. json, .. input.AsSpan(LengthBytes + length)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            return null;
        }
    }
}
