using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Glia.Plots.Tests;

public sealed partial class HtmlPageTests
{
    private const string Hostile = "<script>alert('x')</script> & \"quoted\" 😀 مرحبا \u0001 \uD800";

    [Fact]
    public void Page_IsWellFormed_AndLoadsNothing()
    {
        var page = Everything("a & b");
        var text = page.ToString();
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", text, StringComparison.Ordinal);
        var root = Parse(page);
        Assert.Equal("html", root.Name.LocalName);
        Assert.Equal("a & b", root.Descendants("title").First().Value);
        Assert.DoesNotContain("://", text, StringComparison.Ordinal);
        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName is "script" or "link" or "iframe" or "object" or "a");
        Assert.All(root.Descendants("img"), image => Assert.StartsWith("data:image/png;base64,", image.Attribute("src")!.Value, StringComparison.Ordinal));
        Assert.All(root.Descendants("img"), image => Assert.NotEmpty(image.Attribute("alt")!.Value));
        Assert.All(root.Descendants("svg"), svg => Assert.Equal("img", svg.Attribute("role")!.Value));
        Assert.Contains("default-src 'none'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void HostileTexts_AreShownAsTheyAre()
    {
        var page = Everything(Hostile);
        var shown = Hostile.Replace('\u0001', '\uFFFD').Replace('\uD800', '\uFFFD');
        Assert.DoesNotContain("<script", page.ToString(), StringComparison.OrdinalIgnoreCase);
        var root = Parse(page);
        foreach (var place in new[] { "title", "h1", "h2", "h3", "p", "dt", "dd", "th", "td", "caption", "strong", "small", "figcaption", "span", "code" })
            Assert.Contains(shown, root.Descendants(place).Select(e => e.Value));
        Assert.Contains(shown, root.Descendants("img").Select(e => e.Attribute("alt")!.Value));
    }

    [Fact]
    public void NamesWithinCharts_AreUnique_AndReferencesFindThem()
    {
        var chart = Chart.LearningCurves("loss", "loss", [new("training", [3, 2, 1])], bestEpoch: 2);
        var root = Parse(new HtmlPage("two").Chart(chart).Chart(chart).SmallCharts([(chart, "")]));
        var names = root.Descendants().Attributes("id").Select(a => a.Value).ToList();
        Assert.NotEmpty(names);
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(root.Descendants("svg"), svg =>
        {
            var own = svg.Descendants().Attributes("id").Select(a => a.Value).ToHashSet();
            Assert.All(svg.Descendants().Attributes().SelectMany(a => Reference().Matches(a.Value)), m => Assert.Contains(m.Groups[1].Value, own));
        });
        // Wide and narrow twice, and once small.
        Assert.Equal(["900", "400", "900", "400", "400"], root.Descendants("svg").Select(s => s.Attribute("width")!.Value));
    }

    [Fact]
    public void ChartOfVeryManyMarks_IsAPicture()
    {
        double[] values = [.. Enumerable.Range(0, 4000).Select(i => Math.Sin(i))];
        var root = Parse(new HtmlPage("many").Chart(Chart.PredictionScatter("sines", "y", values, [.. values.Reverse()])));
        Assert.Empty(root.Descendants("svg"));
        Assert.Equal("sines", root.Descendants("img").First().Attribute("alt")!.Value);
    }

    [Fact]
    public void Images_KeepTheirPixels()
    {
        ChartImage[] images = [new("", new double[,] { { -2, 0 }, { 2, 1 } }), new("", [new double[,] { { 1 } }, new double[,] { { 0.5 } }, new double[,] { { 0 } }])];
        var sources = Parse(new HtmlPage("").Images(images.Select(i => (i, "")))).Descendants("img").Select(i => Convert.FromBase64String(i.Attribute("src")!.Value.Split(',')[1])).ToList();
        var grey = SkiaSharp.SKBitmap.Decode(sources[0]);
        Assert.Equal((2, 2), (grey.Width, grey.Height));
        Assert.Equal([0, 128, 255, 191], new[] { (0, 0), (1, 0), (0, 1), (1, 1) }.Select(p => (int)grey.GetPixel(p.Item1, p.Item2).Red));
        var color = SkiaSharp.SKBitmap.Decode(sources[1]).GetPixel(0, 0);
        Assert.Equal((255, 128, 0), (color.Red, color.Green, color.Blue));
    }

    [Fact]
    public void ColumnsOfNumbers_AreAlignedToTheRight()
    {
        var cells = Parse(new HtmlPage("").Table(["name", "value", "share"], [["a", "1,234.5", "12.5 %"], ["7", "-3E-05", "–"], ["", "> 5", "< 0.1\u00A0%"]])).Descendants("td").Take(3);
        Assert.Equal([null, "number", "number"], cells.Select(c => c.Attribute("class")?.Value));
    }

    [Fact]
    public void RowOfAnotherLength_IsExplained()
    {
        var error = Assert.Throws<ArgumentException>(() => new HtmlPage("").Table(["a", "b"], [["1"]]));
        Assert.StartsWith("A row has 1 texts, but there are 2 headings.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_WritesTheWholePage_OrNothing()
    {
        var folder = Directory.CreateTempSubdirectory("glia-page-").FullName;
        var file = Path.Combine(folder, "page.html");
        var page = Everything("ä");
        page.Save(file);
        Assert.Equal(page.ToString(), File.ReadAllText(file));
        Assert.ThrowsAny<IOException>(() => page.Save(Path.Combine(folder, "none", "page.html")));
        Assert.Single(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A page with every kind of part, whose texts are all the same.</summary>
    private static HtmlPage Everything(string text) => new HtmlPage(text, text)
        .Section(text).Heading(text).Paragraph(text).Note(text).Message(text, [(text, text)], isSerious: true).Figures([(text, text, text)]).Facts([(text, text)]).Facts([])
        .Section(text).Table([text], [[text]], text).Code(text).Shaded([(text, 0.5), (text, double.NaN)], text)
        .Images([(new ChartImage("", new double[,] { { 0, 1 } }), text)])
        .Chart(Chart.ConfusionMatrix(text, [text, "other"], new long[,] { { 1, 2 }, { 3, 4 } }), text);

    private static XElement Parse(HtmlPage page) => XDocument.Parse(page.ToString()["<!DOCTYPE html>".Length..]).Root!;

    [GeneratedRegex(@"url\(#([^)]+)\)")]
    private static partial Regex Reference();
}
