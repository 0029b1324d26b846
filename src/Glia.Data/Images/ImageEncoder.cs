using StbImageWriteSharp;

namespace Glia.Data;

/// <summary>Pictures as PNG and JPEG; the only user of the image encoder.</summary>
internal static class ImageEncoder
{
    private const int JpegQuality = 95;

    public static bool HasKnownExtension(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PNG" or ".JPG" or ".JPEG";

    public static byte[] Encode(string path, Tensor image)
    {
        var shape = image.Shape;
        var channels = shape.Rank == 2 ? 1 : shape.Rank == 3 ? shape[0] : 0;
        if (channels is not (1 or 3) || shape.Count == 0 || shape.Count / channels > ImageArguments.MaxPixels)
        {
            throw new ShapeException(
                $"ImageFile.Save expects (channels, rows, columns) with 1 or 3 channels, or (rows, columns), of 1 to {ImageArguments.MaxPixels} pixels but got {shape}.");
        }
        var (height, width) = (shape[-2], shape[-1]);
        var numbers = image.To(DType.Float32).AsSpan<float>();
        var bytes = new byte[numbers.Length];
        var plane = height * width;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var i = 0; i < plane; i++)
                bytes[(i * channels) + channel] = Level(numbers[(channel * plane) + i]);
        }

        using var file = new MemoryStream();
        var components = channels == 1 ? ColorComponents.Grey : ColorComponents.RedGreenBlue;
        if (Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
            new ImageWriter().WritePng(bytes, width, height, components, file);
        else
            new ImageWriter().WriteJpg(bytes, width, height, components, file, JpegQuality);
        return file.ToArray();
    }

    // A comparison with NaN is false, so that it becomes 0.
    private static byte Level(float value) => value > 0 ? (byte)((Math.Min(value, 1) * byte.MaxValue) + 0.5f) : (byte)0;
}
