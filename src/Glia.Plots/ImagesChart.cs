using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>Small pictures in rows: filters, feature maps, patches, saliency.</summary>
internal sealed class ImagesChart
{
    private const int DefaultWidth = 760;
    private const int MostImages = 400;
    private const float TileGap = 10;
    private const float LabelHeight = 17;
    private const float LargestTile = 190;
    private const float BarRoom = 78;
    private const float BarWidth = 14;

    private readonly IReadOnlyList<ChartImage> _images;
    private readonly ImageColors _colors;
    private readonly int _perRow;
    private readonly string _valueLabel;
    private readonly (double Low, double High) _range;

    private ImagesChart(IReadOnlyList<ChartImage> images, ImageColors colors, int perRow, string valueLabel)
    {
        (_images, _colors, _perRow, _valueLabel) = (images, colors, perRow, ChartText.Clean(valueLabel));
        _range = ImageRamp.Range(colors, images.Where(SharesScale).SelectMany(i => i.Channels[0].Cast<double>()));
    }

    private bool HasLabels => _images.Any(i => i.Label.Length > 0);

    private bool HasBar => _valueLabel.Length > 0;

    public static Chart Create(string title, IReadOnlyList<ChartImage> images, ImageColors colors, int perRow, string valueLabel)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(valueLabel);
        ArgumentOutOfRangeException.ThrowIfNegative(perRow);
        if (images.Count is 0 or > MostImages)
            throw new ArgumentException($"A chart of pictures has 1 to {MostImages} of them, but got {images.Count}.", nameof(images));
        if (perRow == 0)
            perRow = images.Count <= 6 ? images.Count : (int)Math.Ceiling(Math.Sqrt(images.Count * 1.6));
        var chart = new ImagesChart(images, colors, Math.Min(perRow, images.Count), valueLabel);
        List<LegendEntry> legend = images.Any(i => i.Overlay is not null) ? [new("little to much", LegendKind.Viridis, Colors.Black)] : [];
        // As high as the tiles need at the usual width.
        var titleRoom = title.Length > 0 ? 45 : 20;
        var height = (int)Math.Ceiling(titleRoom + (legend.Count * 20) + chart.HeightOf(chart.TileWidth(DefaultWidth))) + (int)Theme.Margin;
        return new Chart(title, DefaultWidth, Math.Clamp(height, 200, 10_000), legend, chart.Draw) { Text = chart.Write };
    }

    private bool SharesScale(ChartImage image) => image.Channels.Count == 1 && !image.HasOwnScale && (image.Colors ?? _colors) == _colors;

    private float TileWidth(float width) => Math.Min(LargestTile, (width - (2 * Theme.Margin) - (HasBar ? BarRoom : 0) - ((_perRow - 1) * TileGap)) / _perRow);

    private float Aspect => _images.Max(i => i.Rows / (float)i.Columns);

    private float HeightOf(float tile)
    {
        var rows = (_images.Count + _perRow - 1) / _perRow;
        return (rows * ((tile * Aspect) + (HasLabels ? LabelHeight : 0))) + ((rows - 1) * TileGap);
    }

    private void Draw(SkiaPen pen, int width, int height, float top)
    {
        var tile = TileWidth(width);
        var room = height - top - Theme.Margin;
        if (HeightOf(tile) > room)
            tile *= room / HeightOf(tile);
        tile = Math.Max(4, tile);
        var label = HasLabels ? LabelHeight : 0;
        for (var i = 0; i < _images.Count; i++)
        {
            var x = Theme.Margin + (i % _perRow * (tile + TileGap));
            var y = top + (i / _perRow * ((tile * Aspect) + label + TileGap));
            if (label > 0)
                pen.Text(ChartText.Fit(_images[i].Label, Theme.TickFontSize - 1, tile + TileGap - 3), x, y + (label / 2) - 1, Theme.TickFontSize - 1);
            DrawImage(pen, _images[i], new SKRect(x, y + label, x + tile, y + label + (tile * _images[i].Rows / _images[i].Columns)));
        }
        if (HasBar)
        {
            var left = Theme.Margin + (_perRow * (tile + TileGap)) + 4;
            var barTop = top + label;
            ColorBar.Draw(pen, new SKRect(left, barTop, left + BarWidth, Math.Max(barTop + 60, Math.Min(top + HeightOf(tile), barTop + 260))), _range, _colors, _valueLabel);
        }
    }

    private void DrawImage(SkiaPen pen, ChartImage image, SKRect rect)
    {
        rect = new SKRect(MathF.Round(rect.Left), MathF.Round(rect.Top), MathF.Round(rect.Right), MathF.Round(rect.Bottom));
        var colors = image.Colors ?? _colors;
        var (low, high) = SharesScale(image) ? _range : ImageRamp.Range(colors, image.Channels[0].Cast<double>());
        Color Pixel(int column, int row)
        {
            if (image.Channels.Count == 1)
                return ImageRamp.At(colors, (image.Channels[0][row, column] - low) / (high - low));
            return new Color(Byte(image.Channels[0][row, column]), Byte(image.Channels[1][row, column]), Byte(image.Channels[2][row, column]));
        }
        if (image.Overlay is not { } overlay)
        {
            pen.Pixels(rect, image.Columns, image.Rows, Pixel);
        }
        else
        {
            var (width, height) = ((int)rect.Width, (int)rect.Height);
            pen.Bitmap(rect, width, height, (x, y) =>
            {
                var heat = Math.Clamp(Stretched(overlay, (x + 0.5) / width, (y + 0.5) / height), 0, 1);
                return Pixel(x * image.Columns / width, y * image.Rows / height).InterpolateRgb(ImageRamp.At(ImageColors.Viridis, heat), 0.25 + (0.5 * heat));
            });
        }
        pen.Frame(rect, Theme.Axis, 0.5f);
    }

    internal static byte Byte(double share) => (byte)Math.Round(255 * Math.Clamp(double.IsNaN(share) ? 0.8 : share, 0, 1));

    /// <summary>The map at a share of its width and height, linear between the middles of its cells.</summary>
    internal static double Stretched(double[,] map, double x, double y)
    {
        var (rows, columns) = (map.GetLength(0), map.GetLength(1));
        var (row, column) = (Math.Clamp((y * rows) - 0.5, 0, rows - 1), Math.Clamp((x * columns) - 0.5, 0, columns - 1));
        var (r, c) = (Math.Min((int)row, Math.Max(0, rows - 2)), Math.Min((int)column, Math.Max(0, columns - 2)));
        var (nextRow, nextColumn) = (Math.Min(r + 1, rows - 1), Math.Min(c + 1, columns - 1));
        var (down, right) = (row - r, column - c);
        return ((1 - down) * (((1 - right) * map[r, c]) + (right * map[r, nextColumn]))) + (down * (((1 - right) * map[nextRow, c]) + (right * map[nextRow, nextColumn])));
    }

    private List<string> Write(int width, int height, bool asciiOnly)
    {
        // A character is about twice as high as wide.
        var perRow = Math.Max(1, Math.Min(_perRow, (width + 2) / 14));
        var tile = Math.Min(30, ((width + 2) / perRow) - 2);
        var lines = new List<string>();
        for (var first = 0; first < _images.Count; first += perRow)
        {
            ChartImage[] row = [.. _images.Skip(first).Take(perRow)];
            var tileHeight = Math.Max(2, (int)Math.Round(tile * row.Max(i => i.Rows / (double)i.Columns) / 2));
            if (HasLabels)
                lines.Add(string.Join("  ", row.Select(i => TerminalText.PadRight(TerminalText.Fit(i.Label, tile, asciiOnly), tile))).TrimEnd());
            var parts = row.Select(i => Shades(i, tile, tileHeight)).ToList();
            for (var line = 0; line < tileHeight; line++)
                lines.Add(string.Join("  ", parts.Select(p => p[line])).TrimEnd());
            lines.Add("");
        }
        lines.Add(TerminalShades.Legend(_range.Low, _range.High));
        return lines;
    }

    private List<string> Shades(ChartImage image, int width, int height)
    {
        var values = image.Overlay ?? image.Channels[0];
        var (low, high) = image.Overlay is not null ? (0, 1) : SharesScale(image) ? _range : ImageRamp.Range(image.Colors ?? _colors, values.Cast<double>());
        return TerminalShades.Lines(values, low, high, width, height);
    }
}
