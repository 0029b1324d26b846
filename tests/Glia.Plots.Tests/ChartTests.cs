using System.Xml.Linq;
using SkiaSharp;

namespace Glia.Plots.Tests;

public class ChartTests
{
    private static readonly SKColor FirstSeries = new(0x00, 0x72, 0xB2);

    private static Chart Curves(string title = "Digits: loss per epoch", params double[] values) =>
        Chart.LearningCurves(title, "loss", [new ChartSeries("training", values.Length == 0 ? [3, 2, 1] : values)]);

    private static List<string> TextsOf(string svg) =>
        [.. XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];

    [Fact]
    public void Png_HasTheSizeAskedFor()
    {
        using var standard = new PngImage(Curves().ToPng());
        Assert.Equal((900, 540), (standard.Width, standard.Height));
        using var other = new PngImage(Curves().ToPng(401, 303));
        Assert.Equal((401, 303), (other.Width, other.Height));
    }

    [Fact]
    public void Png_HasTextWhereTheTitleStands()
    {
        using var with = new PngImage(Curves("Digits").ToPng());
        using var longer = new PngImage(Curves("Digits, Digits, Digits").ToPng());
        var dark = with.CountDark(20, 12, 450, 36);
        Assert.InRange(dark, 100, 1000);
        Assert.InRange(longer.CountDark(20, 12, 450, 36), 2.5 * dark, 4 * dark);
    }

    [Fact]
    public void Png_HasTextBelowAndBesideTheAxes()
    {
        using var image = new PngImage(Curves().ToPng());
        Assert.True(image.CountDark(430, 500, 520, 525) > 20, "the x label is missing");
        Assert.True(image.CountDark(10, 200, 35, 330) > 20, "the y label is missing");
        Assert.True(image.CountDark(35, 75, 70, 480) > 50, "the y tick labels are missing");
    }

    [Fact]
    public void Font_IsTheEmbeddedOne()
    {
        using var stream = typeof(Chart).Assembly.GetManifestResourceStream("DejaVuSans.ttf")!;
        Assert.Equal("DejaVu Sans", ChartFont.Typeface.FamilyName);
        Assert.Equal(stream.Length, ChartFont.Typeface.OpenStream().Length);
        Assert.Same(ChartFont.Typeface, ScottPlot.Fonts.GetTypeface("DejaVu Sans", bold: false, italic: false));
        Assert.NotNull(typeof(Chart).Assembly.GetManifestResourceInfo("DejaVuSans-LICENSE.txt"));
    }

    [Fact]
    public void Svg_IsWellFormedAndHasItsTexts()
    {
        var svg = Curves().ToSvg(640, 400);
        var root = XDocument.Parse(svg).Root!;
        Assert.Equal("svg", root.Name.LocalName);
        Assert.Equal("0 0 640 400", root.Attribute("viewBox")!.Value);
        Assert.Equal("Digits: loss per epoch", root.Elements().First().Value);
        var texts = TextsOf(svg);
        Assert.All(["Digits: loss per epoch", "training", "loss", "epoch", "1", "2", "3"], text => Assert.Contains(text, texts));
        Assert.DoesNotContain("<image", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void SvgTexts_NameAFallbackFontAndPlaceEveryCharacter()
    {
        var texts = XDocument.Parse(Curves().ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").ToList();
        Assert.All(texts, text =>
        {
            Assert.Equal("'DejaVu Sans', Verdana, sans-serif", text.Attribute("font-family")!.Value);
            Assert.Equal(text.Value.Length, text.Attribute("x")!.Value.Split(", ").Length);
            Assert.True(float.TryParse(text.Attribute("y")!.Value.Split(", ")[0], out _));
        });
    }

    [Fact]
    public void SvgsInOnePage_DoNotShareDifferentClipPaths()
    {
        var all = new[] { Curves().ToSvg(), Curves().ToSvg(500, 300) }
            .SelectMany(svg => XDocument.Parse(svg).Descendants().Where(element => element.Name.LocalName == "clipPath"))
            .ToList();
        Assert.Equal(2, all.Select(clip => clip.Attribute("id")!.Value).Distinct().Count());
        Assert.Equal(2, all.Select(clip => string.Concat(clip.Elements())).Distinct().Count());
    }

    [Fact]
    public void HostileTexts_StayTexts()
    {
        const string hostile = "<script>alert(1)</script> & \"quoted\" \u001b[31m\0\n  two   spaces \ud800";
        var svg = Chart.LearningCurves(hostile, hostile, [new ChartSeries(hostile, [1, 2])]).ToSvg(2000, 1000);
        const string cleaned = "<script>alert(1)</script> & \"quoted\" [31m two spaces \ufffd";
        Assert.Equal(cleaned, XDocument.Parse(svg).Root!.Elements().First().Value);
        Assert.Equal(3, TextsOf(svg).Count(text => text == cleaned));
        Assert.DoesNotContain("<script", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void LongTitle_IsCutAtTheMargin()
    {
        var title = TextsOf(Curves(new string('W', 500)).ToSvg()).Single(text => text.StartsWith('W'));
        Assert.EndsWith("…", title, StringComparison.Ordinal);
        Assert.InRange(ChartFont.Width(title, Theme.TitleFontSize), 800, 860);
    }

    [Fact]
    public void SavedFiles_HoldTheSame()
    {
        var folder = Directory.CreateTempSubdirectory("glia-tests-").FullName;
        var chart = Curves();
        chart.SavePng(Path.Combine(folder, "a.png"));
        chart.SaveSvg(Path.Combine(folder, "a.svg"), 500, 400);
        Assert.Equal(chart.ToPng(), File.ReadAllBytes(Path.Combine(folder, "a.png")));
        Assert.Equal(chart.ToSvg(500, 400), File.ReadAllText(Path.Combine(folder, "a.svg")));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder).Length);
        Assert.Throws<IOException>(() => chart.SavePng(Path.Combine(folder, "missing", "a.png")));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(199, 400)]
    [InlineData(400, 10_001)]
    [InlineData(-1, 400)]
    [InlineData(400, int.MaxValue)]
    public void SizeOutOfRange_IsRefused(int width, int height)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Curves().ToPng(width, height));
        Assert.Throws<ArgumentOutOfRangeException>(() => Curves().ToSvg(width, height));
    }

    [Fact]
    public void SmallestSize_IsDrawn()
    {
        using var image = new PngImage(Curves().ToPng(200, 200));
        Assert.True(image.Count(0, 0, 200, 200, color => color == FirstSeries) > 20);
    }
}
