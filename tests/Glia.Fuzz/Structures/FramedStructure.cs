using System.Buffers.Binary;

namespace Glia.Fuzz;

/// <summary>A file with one part whose length the file says: the JSON of safetensors at the beginning, the description of Parquet at the end.</summary>
internal sealed class FramedStructure(int lengthBytes, bool isAtEnd, int trailer, Action<byte[]>? finish = null) : IStructure
{
    /// <summary>The header of safetensors.</summary>
    public static FramedStructure Safetensors { get; } = new(8, isAtEnd: false, 0);

    /// <summary>The same, with the checksum of checkpoints put right.</summary>
    public static FramedStructure Checkpoint { get; } = new(8, isAtEnd: false, 0, Checksums.FixCheckpoint);

    /// <summary>The footer of Parquet.</summary>
    public static FramedStructure Parquet { get; } = new(4, isAtEnd: true, 4);

    public byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random)
    {
        var frame = lengthBytes + trailer;
        if (input.Length < frame)
            return null;
        var at = isAtEnd ? input.Length - frame : 0;
        var said = lengthBytes == 8 ? BinaryPrimitives.ReadInt64LittleEndian(input.AsSpan(at)) : BinaryPrimitives.ReadInt32LittleEndian(input.AsSpan(at));
        if (said < 0 || said > input.Length - frame)
            return null;
        var length = (int)said;
        var start = isAtEnd ? at - length : lengthBytes;
        var rest = isAtEnd ? input.AsSpan(0, start) : input.AsSpan(lengthBytes + length);
        var part = change(input.AsSpan(start, length).ToArray());
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, part.Length);
        number = number[..lengthBytes];
        byte[] output = isAtEnd ? [.. rest, .. part, .. number, .. input.AsSpan(input.Length - trailer)] : [.. number, .. part, .. rest];
        finish?.Invoke(output);
        return output;
    }
}
