namespace Glia.Data;

/// <summary>The checks that every source of images makes.</summary>
internal static class ImageArguments
{
    /// <summary>No image, in a file or of a network's input, may have more pixels.</summary>
    public const int MaxPixels = 64_000_000;

    public static void CheckShape(int channels, int height, int width)
    {
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Images have 1 channel (grey) or 3 (red, green, blue).");
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((long)height * width > MaxPixels)
        {
            throw new ArgumentOutOfRangeException(
                nameof(height), height, $"{width} x {height} pixels are more than the {MaxPixels} allowed.");
        }
    }

    public static void CheckIndex(IImageSource source, int index)
    {
        if ((uint)index >= (uint)source.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"There are images 0 to {source.Count - 1}.");
    }

    public static void CheckLength(IImageSource source, Span<float> destination)
    {
        var needed = source.Channels * source.Height * source.Width;
        if (destination.Length != needed)
        {
            throw new ArgumentException(
                $"An image of {source.Channels} x {source.Height} x {source.Width} needs {needed} numbers, "
                + $"but there is room for {destination.Length}.",
                nameof(destination));
        }
    }
}
