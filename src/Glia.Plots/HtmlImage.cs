using SkiaSharp;

namespace Glia.Plots;

/// <summary>A small picture as PNG, pixel by pixel.</summary>
internal static class HtmlImage
{
    public static byte[] Encode(ChartImage image)
    {
        using var bitmap = new SKBitmap(image.Columns, image.Rows, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var (low, high) = ImageRamp.Range(ImageColors.Gray, image.Channels[0].Cast<double>());
        for (var row = 0; row < image.Rows; row++)
        {
            for (var column = 0; column < image.Columns; column++)
            {
                bitmap.SetPixel(column, row, image.Channels.Count == 1
                    ? ImageRamp.At(image.Colors ?? ImageColors.Gray, (image.Channels[0][row, column] - low) / (high - low)).ToSKColor()
                    : new SKColor(ImagesChart.Byte(image.Channels[0][row, column]), ImagesChart.Byte(image.Channels[1][row, column]), ImagesChart.Byte(image.Channels[2][row, column])));
            }
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
