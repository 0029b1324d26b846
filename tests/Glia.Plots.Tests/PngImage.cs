using SkiaSharp;

namespace Glia.Plots.Tests;

/// <summary>A decoded PNG file.</summary>
internal sealed class PngImage : IDisposable
{
    private readonly SKBitmap _bitmap;

    public PngImage(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        _bitmap = SKBitmap.Decode(file);
        Assert.NotNull(_bitmap);
    }

    public int Width => _bitmap.Width;

    public int Height => _bitmap.Height;

    public SKColor this[int x, int y] => _bitmap.GetPixel(x, y);

    /// <summary>The number of pixels of a rectangle that fulfil a condition.</summary>
    public int Count(int left, int top, int right, int bottom, Func<SKColor, bool> condition)
    {
        var count = 0;
        for (var y = top; y < bottom; y++)
        {
            for (var x = left; x < right; x++)
                count += condition(_bitmap.GetPixel(x, y)) ? 1 : 0;
        }

        return count;
    }

    public int CountDark(int left, int top, int right, int bottom) =>
        Count(left, top, right, bottom, color => color.Red < 128 && color.Green < 128 && color.Blue < 128);

    public void Dispose() => _bitmap.Dispose();
}
