using System.Xml.Linq;
using Glia.Interchange;
using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>
/// A chart that can be saved as PNG or SVG, any number of times and in any size, or written as text. It brings its own font, so it needs none installed.
/// </summary>
public sealed partial class Chart
{
    private const int SmallestSize = 200;
    private const int LargestSize = 10_000;

    private readonly string _title;
    private readonly int _defaultWidth;
    private readonly int _defaultHeight;
    private readonly ChartHeader _header;
    private readonly Painter _paint;

    internal Chart(string title, int defaultWidth, int defaultHeight, IReadOnlyList<LegendEntry> legend, Compose compose)
        : this(title, defaultWidth, defaultHeight, legend, (pen, width, height, top) => PaintPlot(compose(width, height, top), pen.Canvas, width, height))
    {
    }

    internal Chart(string title, int defaultWidth, int defaultHeight, IReadOnlyList<LegendEntry> legend, Painter paint)
    {
        ArgumentNullException.ThrowIfNull(title);
        _title = ChartText.Clean(title);
        _defaultWidth = defaultWidth;
        _defaultHeight = defaultHeight;
        _header = new ChartHeader(_title, legend);
        _paint = paint;
    }

    /// <summary>Builds the plot of a size whose first <paramref name="top"/> pixels belong to title and legend.</summary>
    internal delegate Plot Compose(int width, int height, float top);

    /// <summary>Draws a chart of a size whose first <paramref name="top"/> pixels belong to title and legend.</summary>
    internal delegate void Painter(SkiaPen pen, int width, int height, float top);

    /// <summary>The chart as lines of text of a width and about a height, without its title.</summary>
    internal delegate IReadOnlyList<string> Writer(int width, int height, bool asciiOnly);

    internal Writer Text { private get; init; } = (_, _, _) => [];

    internal string Title => _title;

    internal (int Width, int Height) DefaultSize => (_defaultWidth, _defaultHeight);

    /// <summary>Saves the chart as PNG; the file is complete or the path is as it was.</summary>
    /// <param name="path">The file to create or replace; its folder must exist.</param>
    /// <param name="width">In pixels, 200 to 10,000; by default what suits the kind of chart, such as 900 for learning curves.</param>
    /// <param name="height">In pixels, 200 to 10,000; by default what suits the kind of chart, such as 540 for learning curves.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path, int? width = null, int? height = null)
    {
        var png = ToPng(width, height);
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>Saves the chart as SVG; the file is complete or the path is as it was.</summary>
    /// <inheritdoc cref="SavePng"/>
    public void SaveSvg(string path, int? width = null, int? height = null)
    {
        var svg = System.Text.Encoding.UTF8.GetBytes(ToSvg(width, height));
        AtomicFile.Write(path, stream => stream.Write(svg));
    }

    /// <summary>The bytes of the chart as a PNG file.</summary>
    /// <param name="width">In pixels, as for <see cref="SavePng"/>.</param>
    /// <param name="height">In pixels, as for <see cref="SavePng"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    public byte[] ToPng(int? width = null, int? height = null)
    {
        var (w, h) = CheckSize(width, height);
        using var surface = SKSurface.Create(new SKImageInfo(w, h, SKColorType.Rgba8888, SKAlphaType.Premul))
            ?? throw new InsufficientMemoryException($"There is no memory for an image of {w} × {h} pixels; choose a smaller size.");
        Render(surface.Canvas, w, h);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    /// <summary>The chart as an SVG document without XML declaration, ready to be put into an HTML page.</summary>
    /// <inheritdoc cref="ToPng"/>
    public string ToSvg(int? width = null, int? height = null) => ToSvgElement(width, height).ToString(SaveOptions.DisableFormatting);

    internal XElement ToSvgElement(int? width, int? height)
    {
        var (w, h) = CheckSize(width, height);
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, w, h), stream))
            Render(canvas, w, h);
        stream.Position = 0;
        return SvgPolish.Apply(XDocument.Load(stream), _title, w, h);
    }

    /// <summary>The chart as lines of text, without colour codes, for a terminal; the title stands in the first.</summary>
    /// <param name="width">The most columns that a line may take, at least 50; 80 by default.</param>
    /// <param name="height">About how many lines, at least 10; 20 by default. Charts of many parts take more.</param>
    /// <param name="asciiOnly">For terminals without UTF-8; false by default.</param>
    /// <returns>The lines from top to bottom.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is too small.</exception>
    public IReadOnlyList<string> ToText(int width = 80, int height = 20, bool asciiOnly = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 50);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 10);
        IEnumerable<string> lines = Text(width, height, asciiOnly);
        if (asciiOnly)
            lines = lines.Select(TerminalText.ToAscii);
        return _title.Length == 0 ? [.. lines] : [TerminalText.Fit(_title, width, asciiOnly), .. lines];
    }

    private void Render(SKCanvas canvas, int width, int height)
    {
        using var pen = new SkiaPen(canvas);
        pen.Fill(new SKRect(0, 0, width, height), Colors.White);
        _paint(pen, width, height, _header.Height(width));
        _header.Draw(canvas, width);
    }

    private static void PaintPlot(Plot plot, SKCanvas canvas, int width, int height)
    {
        // ScottPlot draws the first time twice, to settle its layout; in an SVG both would stay.
        using (plot)
        {
            using (var nowhere = new SKNoDrawCanvas(width, height))
                plot.Render(nowhere, width, height);
            plot.Render(canvas, width, height);
        }
    }

    private (int Width, int Height) CheckSize(int? width, int? height)
    {
        var (w, h) = (width ?? _defaultWidth, height ?? _defaultHeight);
        if (w is < SmallestSize or > LargestSize)
            throw new ArgumentOutOfRangeException(nameof(width), $"The width is {w} pixels; it must be {SmallestSize} to {LargestSize}.");
        if (h is < SmallestSize or > LargestSize)
            throw new ArgumentOutOfRangeException(nameof(height), $"The height is {h} pixels; it must be {SmallestSize} to {LargestSize}.");
        return (w, h);
    }
}
