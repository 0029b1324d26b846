using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Glia.Interchange;

/// <summary>The checksum of zip archives (CRC-32 of IEEE 802.3, reflected), eight bytes at a time.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Lanes = 8;
    private const int Values = 256;

    private static readonly uint[] Table = MakeTable();

    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of bytes that follow those of another checksum.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var crc = ~checksum;
        var table = Table;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            var x = (BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)) ^ crc;
            crc = table[(7 * Values) + (byte)x] ^ table[(6 * Values) + (byte)(x >> 8)] ^ table[(5 * Values) + (byte)(x >> 16)] ^ table[(4 * Values) + (byte)(x >> 24)]
                ^ table[(3 * Values) + (byte)(x >> 32)] ^ table[(2 * Values) + (byte)(x >> 40)] ^ table[Values + (byte)(x >> 48)] ^ table[(byte)(x >> 56)];
        }
        foreach (var value in bytes[(words.Length * Lanes)..])
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Lanes * Values];
        for (var i = 0u; i < Values; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
            table[i] = value;
        }
        for (var i = Values; i < table.Length; i++)
            table[i] = table[(byte)table[i - Values]] ^ (table[i - Values] >> 8);
        return table;
    }
}
