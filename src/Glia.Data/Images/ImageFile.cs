using System.Buffers.Binary;
using System.IO.Compression;
using Glia.Interchange;
using StbImageSharp;

namespace Glia.Data;

/// <summary>
/// Reads PNG, JPEG and BMP files as tensors, and writes PNG and JPEG files. Transparency, colour profiles and the orientation noted by a camera
/// are ignored; 16 bits a channel become 8.
/// </summary>
public static class ImageFile
{
    private const int MaxFileBytes = 256 << 20;
    private const int PngHeaderBytes = 29;
    private const int BmpHeaderBytes = 34;
    private const int BmpCoreHeader = 12;

    // A block of 8 x 8 pixels takes a bit of a JPEG file at least; as PNG, pictures of one colour may be smaller.
    private const int MostPixelsPerByte = 512;
    private const int AlwaysAllowedPixels = 1_000_000;

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
    private static readonly byte[] JpegSignature = [0xFF, 0xD8, 0xFF];

    /// <summary>Reads an image as (channels, rows, columns) in [0, 1].</summary>
    /// <param name="path">A PNG, JPEG or BMP file.</param>
    /// <param name="channels">1 for grey, 3 for red, green and blue; by default what the file holds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channels"/> is neither 1 nor 3.</exception>
    /// <exception cref="DataFormatException">The file is not an image, is damaged or has more than 64 megapixels.</exception>
    /// <exception cref="IOException">The file cannot be read, for instance because it does not exist.</exception>
    public static Tensor Load(string path, int? channels = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var (bytes, height, width, grey) = Open(path);
        var count = channels ?? (grey ? 1 : 3);
        ImageArguments.CheckShape(count, height, width);
        var image = Tensor.Zeros((count, height, width));
        Decode(path, bytes, count, height, width, image.AsWritableSpan<float>());
        return image;
    }

    /// <summary>
    /// Writes an image, 8 bits a channel: 0 becomes 0, 1 becomes 255, numbers beyond are cut off. The file is complete or not there; an existing one
    /// is replaced.
    /// </summary>
    /// <param name="path">The file, whose name ends in .png (without loss), .jpg or .jpeg (quality 95 of 100, always with three channels).</param>
    /// <param name="image">(channels, rows, columns) with 1 or 3 channels, or (rows, columns).</param>
    /// <exception cref="ArgumentException">The name has another ending.</exception>
    /// <exception cref="ShapeException">The shape is another, or the image is empty or has more than 64 megapixels.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, Tensor image)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(image);
        if (!ImageEncoder.HasKnownExtension(path))
            throw new ArgumentException($"'{path}' must end in .png, .jpg or .jpeg.", nameof(path));
        var bytes = ImageEncoder.Encode(path, image);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    internal static bool HasKnownExtension(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG" or ".BMP";

    /// <summary>The size of an image, and whether it is grey, from its header.</summary>
    internal static (int Height, int Width, bool Grey) ReadHeader(string path)
    {
        using var stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[8];
        CheckSignature(path, start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
        stream.Position = 0;
        return ReadHeader(path, stream);
    }

    /// <summary>Reads an image as channels × rows × columns in [0, 1], brought to the wanted size by stretching.</summary>
    internal static void Read(string path, int channels, int height, int width, Span<float> destination)
    {
        Decode(path, Open(path).Bytes, channels, height, width, destination);
    }

    /// <summary>The bytes of an image whose size is believed, so that memory may be taken for it.</summary>
    private static (byte[] Bytes, int Height, int Width, bool Grey) Open(string path)
    {
        var bytes = ReadBytes(path);
        CheckSignature(path, bytes);
        var (height, width, grey) = ReadHeader(path, new MemoryStream(bytes));
        if ((long)width * height > (bytes.AsSpan().StartsWith(PngSignature) ? AlwaysAllowedPixels : 0) + (MostPixelsPerByte * (long)bytes.Length))
            throw new DataFormatException(path, $"{width} x {height} pixels are said to be in {bytes.Length} bytes, more than is believed.");
        CheckContent(path, bytes, height, width);
        return (bytes, height, width, grey);
    }

    private static void Decode(string path, byte[] bytes, int channels, int height, int width, Span<float> destination)
    {
        var components = channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue;
        var image = Decode(path, () => ImageResult.FromStream(new EndGuardStream(new MemoryStream(bytes)), components));
        for (var channel = 0; channel < channels; channel++)
        {
            BilinearResize.Run(
                image.Data.AsSpan(channel), channels, image.Height, image.Width,
                destination.Slice(channel * height * width, height * width), height, width);
        }
    }

    private static byte[] ReadBytes(string path)
    {
        var length = new FileInfo(path).Length;
        return length <= MaxFileBytes
            ? File.ReadAllBytes(path)
            : throw new DataFormatException(path, $"the file has {length} bytes, more than the {MaxFileBytes} allowed for an image.");
    }

    private static void CheckSignature(string path, ReadOnlySpan<byte> start)
    {
        if (!start.StartsWith(PngSignature) && !start.StartsWith(JpegSignature) && !start.StartsWith("BM"u8))
            throw new DataFormatException(path, "this is not a PNG, JPEG or BMP image.");
    }

    private static (int Height, int Width, bool Grey) ReadHeader(string path, Stream stream)
    {
        var info = Decode(path, () => ImageInfo.FromStream(new EndGuardStream(stream))) ?? throw Damaged(path, null);
        if (info.Width < 1 || info.Height < 1 || (long)info.Width * info.Height > ImageArguments.MaxPixels)
        {
            throw new DataFormatException(
                path,
                $"the image has {info.Width} x {info.Height} pixels; allowed are 1 to {ImageArguments.MaxPixels / 1_000_000} megapixels.");
        }

        return (info.Height, info.Width, info.ColorComponents is ColorComponents.Grey or ColorComponents.GreyAlpha);
    }

    // The decoder throws whatever comes to its hand on a damaged file.
    private static T Decode<T>(string path, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception e) when (e is not (IOException or OutOfMemoryException))
        {
            throw Damaged(path, e);
        }
    }

    private static DataFormatException Damaged(string path, Exception? e) =>
        new(path, "the image is damaged or of a kind that cannot be read.", innerException: e);

    // The decoder takes what is missing for zeros, and believes compressed data whatever they swell to; so both are checked before.
    private static void CheckContent(string path, byte[] bytes, int height, int width)
    {
        if (bytes.AsSpan().StartsWith(PngSignature))
        {
            CheckPng(path, bytes, height, width);
            return;
        }

        var complete = bytes.AsSpan().StartsWith(JpegSignature)
            ? bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) > bytes.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])
            : IsCompleteBmp(bytes, height, width);
        if (!complete)
            throw Truncated(path);
    }

    private static bool IsCompleteBmp(ReadOnlySpan<byte> bytes, int height, int width)
    {
        if (bytes.Length < BmpHeaderBytes)
            return false;

        long start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        // The oldest headers are shorter.
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(BinaryPrimitives.ReadInt32LittleEndian(bytes[14..]) == BmpCoreHeader ? 24 : 28)..]);
        if (bits is not (1 or 4 or 8 or 16 or 24 or 32))
            return false;
        var rowBits = (long)width * bits;
        return start + (rowBits + 31) / 32 * 4 * height <= bytes.Length;
    }

    private static void CheckPng(string path, byte[] bytes, int height, int width)
    {
        if (bytes.Length < PngHeaderBytes)
            throw Truncated(path);

        var channels = bytes[25] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var rowBytes = ((long)width * bytes[24] * channels + 7) / 8;
        using var compressed = new MemoryStream();
        for (var position = PngSignature.Length; position + 12 <= bytes.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(position));
            if (length > bytes.Length - position - 12)
                throw Truncated(path);
            if (bytes.AsSpan(position + 4, 4).SequenceEqual("IDAT"u8))
                compressed.Write(bytes, position + 8, (int)length);
            position += 12 + (int)length;
        }

        // Interlacing adds at most seven more filter bytes and padding for each row.
        var least = rowBytes * height;
        var expanded = ExpandedLength(path, compressed, 2 * least + 16L * (height + 1));
        if (expanded < least)
            throw Truncated(path);
    }

    private static long ExpandedLength(string path, MemoryStream compressed, long limit)
    {
        compressed.Position = 0;
        using var expand = new ZLibStream(compressed, CompressionMode.Decompress);
        var buffer = new byte[1 << 15];
        var total = 0L;
        try
        {
            for (int read; (read = expand.Read(buffer)) > 0;)
            {
                if ((total += read) > limit)
                    throw Damaged(path, null);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Damaged(path, e);
        }

        return total;
    }

    private static DataFormatException Truncated(string path) => new(path, "the image is truncated; fetch the file again.");
}
