using System.Security.Cryptography;

namespace Glia.Interchange;

/// <summary>
/// The checksum of a file: SHA-256 over all of its bytes, the checksum's own digits taken as zeros. It is the first text of the metadata and so lies at a fixed place,
/// which can be found before anything else of the file is believed.
/// </summary>
internal static class SafetensorsChecksum
{
    public const string Key = "sha256";
    public const string Empty = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Where the digits begin.</summary>
    public static int Position => SafetensorsHeader.LengthBytes + Before.Length;

    /// <summary>What stands between the length of the header and the digits.</summary>
    public static ReadOnlySpan<byte> Before => "{\"__metadata__\":{\"sha256\":\""u8;

    public static byte[] Digits(byte[] hash) => [.. Convert.ToHexStringLower(hash).Select(c => (byte)c)];

    /// <summary>Passes on what is written, and takes the hash of it.</summary>
    public sealed class Writer(Stream stream, IncrementalHash hash) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => stream.Length;

        public override long Position
        {
            get => stream.Position;
            set => throw new NotSupportedException();
        }

        public override void Flush() => stream.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hash.AppendData(buffer);
            stream.Write(buffer);
        }
    }
}
