using System.Text;

namespace Glia.Interchange.Tests.Safetensors;

public class SafetensorsChecksumTests
{
    private static SafetensorsWriter Writer(bool hasChecksum = true)
    {
        var writer = new SafetensorsWriter { HasChecksum = hasChecksum };
        writer.AddMetadata("name", "value");
        writer.Add("a", SafetensorsDType.F32, [2, 3], new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24 });
        writer.Add("flags", SafetensorsDType.Bool, [3], new byte[] { 1, 0, 1 });
        return writer;
    }

    [Fact]
    public void File_IsASafetensorsFileWhoseFirstTextIsTheChecksum()
    {
        using var file = SafetensorsFile.Read(Writer().ToArray());
        Assert.Equal(["sha256", "name"], file.Metadata.Keys);
        Assert.Matches("^[0-9a-f]{64}$", file.Metadata["sha256"]);
        Assert.Equal([1, 0, 1], file.ReadBytes("flags"));
        file.VerifyChecksum();
    }

    [Fact]
    public void Checksum_IsSha256OfTheFileWithZerosInItsPlace()
    {
        var bytes = Writer().ToArray();
        using var file = SafetensorsFile.Read(bytes);
        var place = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(file.Metadata["sha256"]));
        bytes.AsSpan(place, 64).Fill((byte)'0');
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), file.Metadata["sha256"]);
    }

    [Fact]
    public void EveryFlippedBit_IsFound()
    {
        var bytes = Writer().ToArray();
        for (var i = 0; i < bytes.Length * 8; i++)
        {
            bytes[i / 8] ^= (byte)(1 << (i % 8));
            Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(bytes).VerifyChecksum());
            bytes[i / 8] ^= (byte)(1 << (i % 8));
        }
    }

    [Fact]
    public void LargeFile_IsReadInPieces()
    {
        using var folder = new TemporaryFolder();
        var writer = new SafetensorsWriter { HasChecksum = true };
        writer.Add("a", SafetensorsDType.U8, [3_000_000], new byte[3_000_000]);
        writer.Save(folder["a.safetensors"]);
        using (var file = SafetensorsFile.Open(folder["a.safetensors"]))
            file.VerifyChecksum();
        using (var stream = File.OpenWrite(folder["a.safetensors"]))
        {
            stream.Position = 2_500_000;
            stream.WriteByte(1);
        }
        using var damaged = SafetensorsFile.Open(folder["a.safetensors"]);
        Assert.Equal(
            $"{folder["a.safetensors"]}: its content does not match its checksum, so it was changed or damaged after it was written.",
            Assert.Throws<SafetensorsException>(damaged.VerifyChecksum).Message);
    }

    [Fact]
    public void FileWithoutChecksum_IsSaidToHaveNone() => Assert.EndsWith(
        "it has no checksum.", Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(Writer(hasChecksum: false).ToArray()).VerifyChecksum()).Message, StringComparison.Ordinal);

    [Fact]
    public void KeyOfTheChecksum_IsTaken() => Assert.StartsWith(
        "The metadata key 'sha256' is that of the checksum", Assert.Throws<ArgumentException>(() => Writer().AddMetadata("sha256", "x")).Message, StringComparison.Ordinal);
}
