using System.Globalization;
using System.Numerics;
using System.Xml.Linq;
using Glia.Layers;

namespace Glia.Plots.Tests;

/// <summary>What holds for every kind of chart.</summary>
public class AllChartsTests
{
    private static readonly ChartPoints[] Classes = [new("a", [0, 1, 0.5], [0, 0.2, 0.1]), new("b", [0, 1, 0.4], [1, 0.8, 0.9])];
    private static readonly double[,] Small = { { 0, 0.5, 1 }, { -1, 0.2, double.NaN } };

    private static readonly Dictionary<string, Func<Chart>> Charts = new()
    {
        ["LearningCurves"] = () => Chart.LearningCurves("T", "loss", [new("training", [3, 2, 1.5, 1.2, 1]), new("validation", [3, 2.5, 2, 2, 2.1])], 4, smoothing: 0.5, logX: true, logScale: true),
        ["Panels"] = () => Chart.Panels("T", [new("slow", [new("loss", [1, 2, 3], [2, 1.9, 1.8])]), new("good", [new("loss", [1, 2, 3], [2, 1, 0.5])])], highest: 1.95),
        ["Histograms"] = () => Chart.Histograms("T", [new("dense1", [1, 2, 5], [new(-1, 1, [1, 2, 3]), new(-2, 2, [0, 5, 1]), new(0, 0, [3])])]),
        ["Surface"] = () => Chart.Surface("T", new([0, 1, 2], [0, 1], [[1.0, 2, 3], [2.0, 3, double.NaN]])),
        ["ParallelCoordinates"] = () => Chart.ParallelCoordinates("T", [new("rate", 0.1, 1), new("kind", 0, 1) { Categories = ["x", "y"] }], [[0.1, 0], [1.0, 1]], "loss", [2, 1]),
        ["Bars"] = () => Chart.Bars("T", ["a", "b"], [1, 2], "share"),
        ["ConfusionMatrix"] = () => Chart.ConfusionMatrix("T", ["a", "b"], new long[,] { { 3, 1 }, { 0, 2 } }),
        ["PredictionScatter"] = () => Chart.PredictionScatter("T", "price", [1, 2, 3], [1.1, 2.2, 2.9]),
        ["DecisionLine"] = () => Chart.DecisionLine("T", Classes, [0.1, 1], -0.5),
        ["DecisionBoundary"] = () => Chart.DecisionBoundary("T", Classes, Halves),
        ["Roc"] = () => Chart.Roc("T", [new("a: area 0.75", [0, 0, 0.5, 1], [0, 0.5, 1, 1])]),
        ["Calibration"] = () => Chart.Calibration("T", [0.3, double.NaN, 0.9], [0.5, double.NaN, 0.8], [4, 0, 20]),
        ["Residuals"] = () => Chart.Residuals("T", "price", [1, 2, 3], [1.1, 2.2, 2.9]),
        ["Forecast"] = () => Chart.Forecast("T", "value", [1, 2, 3], [4, 5], [4.5, 5.5], [0.5, 1], firstStep: 10),
        ["Function"] = () => Chart.Function("T", [ChartPoints.Of("x²", x => x * x, -1, 1)], logScale: true),
        ["Activation"] = () => Chart.Activation(new ReLU(), title: "T"),
        ["Images"] = () => Chart.Images("T", [new("one", Small), new("two", [Small, Small, Small]), new("three", Small) { Overlay = new double[,] { { 0, 1 }, { 0.5, 0 } } }], ImageColors.Signed, valueLabel: "weight"),
        ["Matrices"] = () => Chart.Matrices("T", [new("gate", new double[,] { { 0, 0.5, 1 } }, 0, 1), new("state", Small)], stepNames: ["a", "b", "c"]),
        ["Eigenvalues"] = () => Chart.Eigenvalues("T", [("W", [new Complex(0.5, 0.5), new Complex(0.5, -0.5), new Complex(1.2, 0)])]),
    };

    public static TheoryData<string> Names => [.. Charts.Keys];

    [Fact]
    public void Table_HasEveryKind() => Assert.Equal(
        typeof(Chart).GetMethods().Where(m => m.IsStatic && m.ReturnType == typeof(Chart)).Select(m => m.Name).Order(), Charts.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Png_HasTheSizeAskedFor_OnWhiteGround(string name)
    {
        using var image = new PngImage(Charts[name]().ToPng(503, 407));
        Assert.Equal((503, 407), (image.Width, image.Height));
        Assert.Equal(SkiaSharp.SKColors.White, image[1, 1]);
        Assert.True(image.Count(0, 40, 503, 407, c => c != SkiaSharp.SKColors.White) > 200);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Svg_IsSound_AndTheSameEachTime(string name)
    {
        var chart = Charts[name]();
        var svg = chart.ToSvg();
        Assert.Equal(svg, chart.ToSvg());
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", svg, StringComparison.Ordinal);
        var document = XDocument.Parse(svg);
        var ids = document.Descendants().Attributes("id").Select(a => a.Value).ToList();
        Assert.Equal(ids.Distinct().Count(), ids.Count);
        Assert.All(document.Descendants().Attributes().Where(a => a.Name.LocalName == "href" && a.Value.StartsWith('#')), a => Assert.Contains(a.Value[1..], ids));
        Assert.Equal("T", document.Descendants().First(e => e.Name.LocalName == "text" && e.Value.Length > 0).Value is var first ? Texts.Of(chart).Single(t => t == "T") : first);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Labels_LieInsideThePicture(string name)
    {
        foreach (var (width, height) in new (int?, int?)[] { (null, null), (400, 360) })
        {
            var root = XDocument.Parse(Charts[name]().ToSvg(width, height)).Root!;
            var (w, h) = (Number(root, "width"), Number(root, "height"));
            foreach (var text in root.Descendants().Where(e => e.Name.LocalName == "text" && e.Attribute("transform") is null && e.Parent!.Attribute("transform") is null))
            {
                var x = text.Attribute("x")!.Value.Split(',')[0];
                Assert.InRange(double.Parse(x, CultureInfo.InvariantCulture), 0, w);
                Assert.InRange(double.Parse(text.Attribute("y")!.Value.Split(',')[0], CultureInfo.InvariantCulture), 0, h);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_FitsTheTerminal(string name)
    {
        foreach (var isAscii in new[] { false, true })
        {
            var lines = Charts[name]().ToText(60, 14, isAscii);
            Assert.Equal("T", lines[0]);
            Assert.True(lines.Count >= 3, string.Join('\n', lines));
            Assert.All(lines, line => Assert.InRange(TerminalText.Width(line), 0, 60));
            Assert.All(lines, line => Assert.DoesNotContain('\u001b', line));
            Assert.DoesNotContain(lines, line => line.Contains("NaN", StringComparison.Ordinal));
            if (isAscii)
                Assert.All(lines, line => Assert.True(line.All(char.IsAscii), line));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Charts[name]().ToText(49));
        Assert.Throws<ArgumentOutOfRangeException>(() => Charts[name]().ToText(80, 9));
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Class b where y is above ½.</summary>
    internal static Tensor Halves(Tensor points)
    {
        var y = points.Slice(1, 1, 1);
        var b = (10 * (y - 0.5)).Sigmoid();
        return Tensor.Concat(1, 1 - b, b);
    }
}
