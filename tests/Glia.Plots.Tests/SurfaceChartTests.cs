using System.Xml.Linq;
using SkiaSharp;

namespace Glia.Plots.Tests;

public class SurfaceChartTests
{
    private static readonly double[] Steps = [-1, -0.5, 0, 0.5, 1];

    private static ChartGrid Grid(Func<double, double, double> function) =>
        new(Steps, Steps, [.. Steps.Select(y => Steps.Select(x => function(x, y)).ToArray())]);

    private static string[] Texts(Chart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    private static bool IsDark(SKColor color) => color is { Red: < 90, Green: < 40 };

    private static bool IsYellow(SKColor color) => color is { Red: > 220, Green: > 200, Blue: < 80 };

    private static bool IsGrey(SKColor color) => color is { Red: 0xD0, Green: 0xD0, Blue: 0xD0 };

    [Fact]
    public void Title_LabelsAndMark_AreThere()
    {
        var texts = Texts(Chart.Surface("Bowl", Grid((x, y) => (x * x) + (y * y)), "along d", "along e", "loss of training", mark: (0, 0, "the weights")));
        Assert.All(["Bowl", "along d", "along e", "loss of training", "the weights", "-1.0", "0.5", "2.0"], text => Assert.Contains(text, texts));
        Assert.DoesNotContain("not finite", texts);
    }

    [Fact]
    public void Colours_GoFromDarkAtTheLeastToYellowAtTheGreatest_WithYUpwards()
    {
        using var image = new PngImage(Chart.Surface("", Grid((x, y) => x + (2 * y))).ToPng());
        Assert.True(IsDark(image[90, 540]), "bottom left");
        Assert.True(IsYellow(image[540, 60]), "top right");
        Assert.False(IsDark(image[90, 60]));
        // The bar beside it.
        Assert.Equal(680, image.Width);
        Assert.True(image.Count(560, 40, 640, 80, IsYellow) > 100, "top of the bar");
        Assert.True(image.Count(560, 500, 640, 557, IsDark) > 100, "bottom of the bar");
    }

    [Fact]
    public void LogScale_SpreadsPowersEvenly()
    {
        var chart = Chart.Surface("", Grid((x, _) => Math.Pow(10, 4 * x)), logScale: true);
        var texts = Texts(chart);
        Assert.All(["loss, log scale", "0.001", "1", "1000"], text => Assert.Contains(text, texts));
        using var image = new PngImage(chart.ToPng());
        using var linear = new PngImage(Chart.Surface("", Grid((x, _) => Math.Pow(10, 4 * x))).ToPng());
        Assert.False(IsDark(image[320, 300]));
        Assert.True(IsDark(linear[320, 300]));
    }

    [Fact]
    public void ValuesThatCannotBeDrawn_AreGreyAndNamed()
    {
        var grid = Grid((x, y) => x == 1 && y == -1 ? double.PositiveInfinity : x == -1 && y == -1 ? double.NaN : x * y);
        var chart = Chart.Surface("", grid);
        Assert.Contains("not finite", Texts(chart));
        using var image = new PngImage(chart.ToPng());
        Assert.True(IsGrey(image[90, 540]));
        Assert.True(IsGrey(image[540, 540]));
        Assert.False(IsGrey(image[90, 100]));
        Assert.Contains("not finite and positive", Texts(Chart.Surface("", Grid((x, _) => x), logScale: true)));
    }

    [Fact]
    public void EqualValues_AreDrawn()
    {
        using var image = new PngImage(Chart.Surface("", Grid((_, _) => 3)).ToPng());
        Assert.Equal(image[100, 100], image[500, 500]);
        Assert.Contains("3", Texts(Chart.Surface("", Grid((_, _) => 3)))[..].Select(t => t.TrimEnd('0').TrimEnd('.')));
    }

    [Fact]
    public void Contours_AreWhereTheValueIsReached()
    {
        // x in columns: the level 0.25 of a ramp is a quarter of the way from column 0 to 1.
        var ramp = new double[,] { { 0, 1 }, { 0, 1 } };
        Assert.Equal(((0.25, 0), (0.25, 1)), Assert.Single(ContourLines.Of(ramp, 0.25)));
        Assert.Empty(ContourLines.Of(ramp, 2));
        Assert.Empty(ContourLines.Of(new double[,] { { 0, 1 }, { double.NaN, 1 } }, 0.25));
        // A corner cut off.
        Assert.Equal(((0.5, 0), (0, 0.5)), Assert.Single(ContourLines.Of(new double[,] { { 1, 0 }, { 0, 0 } }, 0.5)));
    }

    [Theory]
    [InlineData(0.6, true)]
    [InlineData(0.4, false)]
    public void Saddle_JoinsTheCornersOnTheSideOfItsMiddle(double level, bool cutsOffTheHighCorners)
    {
        // High at (0, 0) and (1, 1), with 0.5 in the middle.
        var pieces = ContourLines.Of(new double[,] { { 1, 0 }, { 0, 1 } }, level).ToList();
        Assert.Equal(2, pieces.Count);
        // The first corner is cut off by a line from the first row to the first column.
        var isCut = pieces.Any(p => new[] { p.From, p.To }.Any(e => e.Row == 0) && new[] { p.From, p.To }.Any(e => e.Column == 0));
        Assert.Equal(cutsOffTheHighCorners, isCut);
    }

    [Fact]
    public void Contours_AreDrawnAtTheTicksOfTheBar()
    {
        var lines = XDocument.Parse(Chart.Surface("", Grid((x, _) => x)).ToSvg()).Descendants()
            .Count(e => e.Name.LocalName == "path" && e.Attribute("d")!.Value.Count(c => c == 'M') == 4);
        // −0.8 to 0.8 in steps of 0.2; lines at −1 and 1 lie on the border of the grid or beyond it.
        Assert.InRange(lines, 9, 20);
    }

    [Theory]
    [InlineData(200, 200)]
    [InlineData(1000, 300)]
    public void OtherSizes_AreDrawn(int width, int height)
    {
        using var image = new PngImage(Chart.Surface("A title", Grid((x, y) => x * y), mark: (0, 0, "centre")).ToPng(width, height));
        Assert.Equal((width, height), (image.Width, image.Height));
    }

    [Fact]
    public void WhatCannotBeDrawn_IsRefused()
    {
        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
        Assert.Contains("give at least 2", Message(() => _ = new ChartGrid([], Steps, [])), StringComparison.Ordinal);
        Assert.Contains("must be finite and rise, but number 1 is 0", Message(() => _ = new ChartGrid([0, 0], [0, 1], [[1, 1], [1, 1]])), StringComparison.Ordinal);
        Assert.Contains("2 y but 1 rows", Message(() => _ = new ChartGrid([0, 1], [0, 1], [[1, 1]])), StringComparison.Ordinal);
        Assert.Contains("row 1 has 1 values", Message(() => _ = new ChartGrid([0, 1], [0, 1], [[1, 1], [1]])), StringComparison.Ordinal);
        Assert.Contains("No value of the grid is finite", Message(() => Chart.Surface("", Grid((_, _) => double.NaN))), StringComparison.Ordinal);
        Assert.Contains("above 0", Message(() => Chart.Surface("", Grid((_, _) => -1), logScale: true)), StringComparison.Ordinal);
        Assert.Contains("is not on the grid", Message(() => Chart.Surface("", Grid((x, _) => x), mark: (2, 0, "far"))), StringComparison.Ordinal);
    }
}
