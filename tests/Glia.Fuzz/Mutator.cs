using System.Buffers.Binary;

namespace Glia.Fuzz;

/// <summary>Changes inputs at random, always in the same way for the same random numbers.</summary>
internal sealed class Mutator(FuzzTarget target, Random random)
{
    /// <summary>Longer inputs are cut, so that runs stay fast.</summary>
    public const int LongestInput = 20 << 10;

    private static readonly long[] Interesting =
        [0, 1, -1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 1023, 1024, 4096, 32767, 32768, 65535, 65536, 1 << 20, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 40, long.MaxValue, long.MinValue];

    /// <summary>An input made of one of the corpus.</summary>
    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        // What was found last is the most promising.
        var index = random.Next(3) == 0 ? corpus.Count - 1 - random.Next(Math.Min(corpus.Count, 32)) : random.Next(corpus.Count);
        var input = corpus[index];
        var other = corpus[random.Next(corpus.Count)];
        if (target.Structure is { } structure && random.Next(2) == 0)
        {
            for (var rounds = 1 + random.Next(3); rounds > 0; rounds--)
                input = structure.Mutate(input, part => Havoc(part, other), random) ?? Havoc(input, other);
        }
        else
        {
            input = Havoc(input, other);
        }

        return input.Length <= LongestInput ? input : input[..LongestInput];
    }

    private byte[] Havoc(byte[] input, byte[] other)
    {
        var bytes = new List<byte>(input);
        var keepsLength = random.Next(3) == 0;
        for (var changes = 1 << random.Next(5); changes > 0; changes--)
            Change(bytes, other, random.Next(keepsLength ? 7 : 14));
        return [.. bytes];
    }

    private void Change(List<byte> bytes, byte[] other, int kind)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Token());
            return;
        }

        var at = random.Next(bytes.Count);
        switch (kind)
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] += (byte)(random.Next(33) - 16);
                break;
            case 3 or 4:
                Number(bytes, at);
                break;
            case 5:
                Overwrite(bytes, at, Token());
                break;
            case 6:
                Overwrite(bytes, at, Piece([.. bytes]));
                break;
            case 7:
                bytes.RemoveRange(at, Length(bytes.Count - at));
                break;
            case 8:
                bytes.InsertRange(at, Piece([.. bytes]));
                break;
            case 9:
                bytes.InsertRange(at, Token());
                break;
            case 10:
                bytes.InsertRange(at, Piece(other));
                break;
            case 11:
                bytes.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), Length(64)));
                break;
            case 12 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 13 when other.Length > 0 && random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(Math.Min(at, other.Length)));
                break;
        }
    }

    private void Number(List<byte> bytes, int at)
    {
        Span<byte> number = stackalloc byte[8];
        var value = random.Next(2) == 0 ? Interesting[random.Next(Interesting.Length)] : bytes.Count + random.Next(-8, 9);
        var size = 1 << random.Next(4);
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        number = number[..size];
        if (random.Next(2) == 0)
            number.Reverse();
        Overwrite(bytes, at, number.ToArray());
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] piece)
    {
        for (var i = 0; i < piece.Length && at + i < bytes.Count; i++)
            bytes[at + i] = piece[i];
    }

    private byte[] Token() => target.Tokens.Count > 0 ? target.Tokens[random.Next(target.Tokens.Count)] : [(byte)random.Next(256)];

    private byte[] Piece(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [];
        var start = random.Next(bytes.Length);
        return bytes.AsSpan(start, Length(bytes.Length - start)).ToArray();
    }

    // Short pieces are the most common.
    private int Length(int most) => most == 0 ? 0 : 1 + random.Next(Math.Min(most, 1 << random.Next(11)));
}
