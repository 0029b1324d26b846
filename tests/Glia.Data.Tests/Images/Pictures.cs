using System.Buffers.Binary;
using System.IO.Compression;

namespace Glia.Data.Tests.Images;

/// <summary>Small image files, made here or kept as bytes.</summary>
internal static class Pictures
{
    /// <summary>16 x 8, red rising by 16 a column, green falling by 30 a row, blue 80.</summary>
    public static byte[] ColourJpeg { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAUDBAQEAwUEBAQFBQUGBwwIBwcHBw8LCwkMEQ8SEhEPERETFhwXExQaFRERGCEYGh0dHx8fExciJCIeJBweHx7/2wBDAQUFBQcGBw4I"
        + "CA4eFBEUHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh7/wAARCAAIABADASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAUG"
        + "/8QAGRAAAQUAAAAAAAAAAAAAAAAAAAUHJDKh/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAZEQACAwEAAAAAAAAAAAAAAAAFIgAEBiH/2gAMAwEAAhEDEQA/AJCE6FZGm+Qn"
        + "QrI0AjlAVLqx+FzQ9Un/2Q==");

    /// <summary>16 x 8, grey rising by 16 a column.</summary>
    public static byte[] GreyJpeg { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAUDBAQEAwUEBAQFBQUGBwwIBwcHBw8LCwkMEQ8SEhEPERETFhwXExQaFRERGCEYGh0dHx8fExciJCIeJBweHx7/wAALCAAIABABAREA"
        + "/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAXEAADAQAAAAAAAAAAAAAAAAAAB0OB/9oACAEBAAA/AAxPRws1PRw//9k=");

    /// <summary>A PNG file of 8 bits a channel.</summary>
    public static byte[] Png(int width, int height, int channels, Func<int, int, int, byte> pixel)
    {
        var raw = new byte[height * (1 + width * channels)];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width * channels; x++)
                raw[y * (1 + width * channels) + 1 + x] = pixel(y, x / channels, x % channels);
        }

        return Png(width, height, 8, (byte)(channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 }), raw);
    }

    /// <summary>A PNG file of any header and rows (each begun by its filter byte).</summary>
    public static byte[] Png(int width, int height, byte bits, byte colourType, byte[] rows, byte interlace = 0, byte[]? palette = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (bits, colourType, interlace);
        Chunk(file, "IHDR"u8, header);
        if (palette is not null)
            Chunk(file, "PLTE"u8, palette);

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(rows);
        Chunk(file, "IDAT"u8, compressed.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>A BMP file of 24 bits a pixel.</summary>
    public static byte[] Bmp(int width, int height, Func<int, int, int, byte> pixel)
    {
        var stride = (width * 3 + 3) / 4 * 4;
        var file = new byte[54 + stride * height];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width * 3; x++)
                file[54 + (height - 1 - y) * stride + x] = pixel(y, x / 3, 2 - x % 3);
        }

        return file;
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] content = [.. type, .. data];
        file.Write(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(content));
        file.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
