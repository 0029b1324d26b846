using Glia.Interchange;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>Numbers as a grey picture.</summary>
public static class GreyImage
{
    /// <summary>Saves numbers from 0 (black) to 1 (white) as a PNG file, one pixel each; numbers beyond are cut off. The file is complete or not there.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="pixels">rows × columns numbers.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SavePng(string path, int height, int width, ReadOnlySpan<float> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (pixels.Length != (long)height * width)
            throw new ArgumentException($"A picture of {height}×{width} pixels needs {(long)height * width} numbers but got {pixels.Length}.", nameof(pixels));
        using var bitmap = new SKBitmap(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var level = (byte)Math.Round(Math.Clamp(pixels[(row * width) + column], 0, 1) * byte.MaxValue);
                bitmap.SetPixel(column, row, new SKColor(level, level, level));
            }
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        AtomicFile.Write(path, data.SaveTo);
    }
}
