namespace Glia.Interchange;

/// <summary>How a zip archive begins.</summary>
internal static class ZipSignature
{
    public static bool Begins(FileBytes bytes) => bytes.Length >= 4 && Begins(bytes.Read(0, 4));

    /// <summary>Whether the first bytes are those of an archive, be it empty.</summary>
    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8) || bytes.StartsWith("PK\x05\x06"u8);
}
