using System.Xml.Linq;
using SkiaSharp;

namespace Glia.Plots.Tests;

public class DecisionLineChartTests
{
    private static readonly SKColor First = new(0x00, 0x72, 0xB2);
    private static readonly SKColor Second = new(0xD5, 0x5E, 0x00);
    private static readonly ChartPoints[] Classes = [new("low", [-2, -1, -2], [-1, -2, -2]), new("high", [2, 1, 2], [1, 2, 2])];

    private static string[] Texts(Chart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    /// <summary>Which class's shade a corner of the data area has.</summary>
    private static int Side(PngImage image, int x, int y) => image[x, y].Blue > image[x, y].Red ? 0 : image[x, y].Red > image[x, y].Blue ? 1 : -1;

    [Fact]
    public void EachSide_IsShadedInTheColourOfItsClass()
    {
        // x₁ + x₂ = 0 falls from the upper left to the lower right; class "high" is above it.
        var chart = Chart.DecisionLine("Signs", Classes, [1, 1], 0);
        using var image = new PngImage(chart.ToPng());
        Assert.Equal((1, 0), (Side(image, 630, 95), Side(image, 90, 560)));
        using var turned = new PngImage(Chart.DecisionLine("Signs", Classes, [-1, -1], 0).ToPng());
        Assert.Equal((0, 1), (Side(turned, 630, 95), Side(turned, 90, 560)));
        Assert.All(["Signs", "low", "high", "w·x + b = 0", "w", "x₁", "x₂"], text => Assert.Contains(text, Texts(chart)));
    }

    [Fact]
    public void Points_AreDrawnInTheirClass()
    {
        using var image = new PngImage(Chart.DecisionLine("", Classes, [0, 0], 0).ToPng());
        bool Near(SKColor pixel, SKColor color) => Math.Abs(pixel.Red - color.Red) + Math.Abs(pixel.Green - color.Green) + Math.Abs(pixel.Blue - color.Blue) < 130;
        Assert.InRange(image.Count(60, 75, 370, 575, pixel => Near(pixel, First)), 60, 400);
        Assert.InRange(image.Count(370, 75, 650, 575, pixel => Near(pixel, Second)), 40, 400);
    }

    [Fact]
    public void Bias_MovesTheLine()
    {
        // x₁ = 1.5 lies right of the middle, x₁ = −1.5 left of it: (0, y) changes sides.
        using var right = new PngImage(Chart.DecisionLine("", Classes, [1, 0], -1.5).ToPng());
        using var left = new PngImage(Chart.DecisionLine("", Classes, [1, 0], 1.5).ToPng());
        Assert.Equal((0, 1), (Side(right, 370, 560), Side(left, 370, 560)));
    }

    [Theory]
    [InlineData(1, 0, 10, "w·x + b = 0, all points on the side of high")]
    [InlineData(-1, 0, -10, "w·x + b = 0, all points on the side of low")]
    [InlineData(0, 0, 1, "no line: w = 0")]
    [InlineData(1e-200, 0, 0, "w·x + b = 0")]
    [InlineData(1e90, 1e90, -1e90, "w·x + b = 0")]
    public void LineThatIsNotThere_IsSaidSo(double w1, double w2, double bias, string expected)
    {
        var chart = Chart.DecisionLine("", Classes, [w1, w2], bias);
        Assert.Contains(expected, Texts(chart));
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void SinglePoint_IsDrawn()
    {
        var chart = Chart.DecisionLine("", [new("a", [1e6], [1e6]), new("b", [double.NaN], [1])], [1, -1], 0);
        using var image = new PngImage(chart.ToPng());
        Assert.True(image.CountDark(60, 60, 650, 570) > 100, "the line is missing");
    }

    [Fact]
    public void WhatIsNoLineInThePlane_IsRefused()
    {
        string Refused(IReadOnlyList<ChartPoints> classes, double[] weights, double bias = 0) =>
            Assert.Throws<ArgumentException>(() => Chart.DecisionLine("", classes, weights, bias)).Message;
        Assert.StartsWith("A line has two sides, so there must be two classes, the one with w·x + b < 0 first, but there are 1.", Refused([Classes[0]], [1, 1]), StringComparison.Ordinal);
        Assert.StartsWith("A line in the plane has two weights, but there are 3.", Refused(Classes, [1, 1, 1]), StringComparison.Ordinal);
        Assert.StartsWith("The weights and the bias must be finite numbers.", Refused(Classes, [1, double.NaN]), StringComparison.Ordinal);
        ChartPoints nowhere = new("a", [double.NaN], [1]);
        Assert.StartsWith("There is no finite point to draw.", Refused([nowhere, nowhere], [1, 1]), StringComparison.Ordinal);
    }
}
