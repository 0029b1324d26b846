using ScottPlot;
using SkiaSharp;

namespace Glia.Plots;

/// <summary>The embedded font. Charts use no other, so they look the same on every machine, also where no font is installed.</summary>
internal static class ChartFont
{
    public const string Name = "DejaVu Sans";

    private static readonly Lazy<SKTypeface> LazyTypeface = new(Load);

    /// <summary>The typeface, known to ScottPlot under <see cref="Name"/> from the first use on.</summary>
    public static SKTypeface Typeface => LazyTypeface.Value;

    public static float Width(string text, float size)
    {
        using var font = new SKFont(Typeface, size);
        return font.MeasureText(text);
    }

    private static SKTypeface Load()
    {
        using var stream = typeof(ChartFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        var typeface = SKTypeface.FromStream(stream);
        // First, so that an installed font of this name does not change the picture.
        ScottPlot.Fonts.FontResolvers.Insert(0, new Resolver(typeface));
        return typeface;
    }

    private sealed class Resolver(SKTypeface typeface) : IFontResolver
    {
        public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
            fontName == Name ? typeface : null;

        public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? typeface : null;
    }
}
