using System.Security.Cryptography;

namespace Glia.Fuzz;

/// <summary>Checksums of formats, so that changed inputs are not all refused at the door.</summary>
internal static class Checksums
{
    private const int Digits = 64;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        var value = (uint)i;
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    })];

    /// <summary>The checksum of PNG and zip.</summary>
    public static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            crc = Table[(crc ^ b) & 255] ^ (crc >> 8);
        return ~crc;
    }

    /// <summary>Puts the checksum of a checkpoint right, where it is at its place.</summary>
    public static void FixCheckpoint(byte[] bytes)
    {
        var at = 8 + "{\"__metadata__\":{\"sha256\":\"".Length;
        if (bytes.Length < at + Digits)
            return;
        bytes.AsSpan(at, Digits).Fill((byte)'0');
        System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.AsSpan(at));
    }
}
