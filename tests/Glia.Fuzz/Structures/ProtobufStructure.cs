namespace Glia.Fuzz;

/// <summary>Protocol buffers: changes, drops, doubles or moves a field at any depth, and writes all lengths anew.</summary>
internal sealed class ProtobufStructure : IStructure
{
    private const int DeepestDescent = 8;

    public byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random) => Mutate(input, change, random, 0);

    private static byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random, int depth)
    {
        var fields = Parse(input);
        if (fields is null || fields.Count == 0)
            return null;
        var index = random.Next(fields.Count);
        var (tag, content, isBytes) = fields[index];
        switch (random.Next(8))
        {
            case 0:
                fields.RemoveAt(index);
                break;
            case 1:
                fields.Insert(random.Next(fields.Count + 1), fields[index]);
                break;
            default:
                var inner = isBytes && depth < DeepestDescent && random.Next(8) > 0 ? Mutate(content, change, random, depth + 1) : null;
                fields[index] = (tag, inner ?? change(content), isBytes);
                break;
        }

        var output = new List<byte>();
        foreach (var field in fields)
        {
            Write(output, field.Tag);
            if (field.IsBytes)
                Write(output, (ulong)field.Content.Length);
            output.AddRange(field.Content);
        }

        return [.. output];
    }

    private static List<(ulong Tag, byte[] Content, bool IsBytes)>? Parse(byte[] input)
    {
        var fields = new List<(ulong, byte[], bool)>();
        for (var at = 0; at < input.Length;)
        {
            if (Read(input, ref at) is not { } tag || tag >> 3 == 0)
                return null;
            var start = at;
            switch (tag & 7)
            {
                case 0 when Read(input, ref at) is not null:
                    break;
                case 1:
                    at += 8;
                    break;
                case 2 when Read(input, ref at) is { } length && length <= (ulong)(input.Length - at):
                    fields.Add((tag, input.AsSpan(at, (int)length).ToArray(), true));
                    at += (int)length;
                    continue;
                case 5:
                    at += 4;
                    break;
                default:
                    return null;
            }

            if (at > input.Length)
                return null;
            fields.Add((tag, input.AsSpan(start, at - start).ToArray(), false));
        }

        return fields;
    }

    private static ulong? Read(byte[] input, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64 && at < input.Length; shift += 7)
        {
            var b = input[at++];
            value |= (ulong)(b & 127) << shift;
            if (b < 128)
                return value;
        }

        return null;
    }

    private static void Write(List<byte> output, ulong value)
    {
        for (; value >= 128; value >>= 7)
            output.Add((byte)(value | 128));
        output.Add((byte)value);
    }
}
