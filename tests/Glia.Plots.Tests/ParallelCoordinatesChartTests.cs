using System.Xml.Linq;
using SkiaSharp;

namespace Glia.Plots.Tests;

public class ParallelCoordinatesChartTests
{
    private static readonly SKColor Best = new(0xD5, 0x5E, 0x00);

    private static readonly ParallelAxis[] Axes =
        [new("rate", 0.001, 0.1) { IsLogarithmic = true }, new("units", 8, 64), new("kind", double.NaN, double.NaN) { Categories = ["adam", "sgd"] }];

    private static string[] Texts(Chart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    private static bool IsBest(SKColor pixel) => Math.Abs(pixel.Red - Best.Red) + Math.Abs(pixel.Green - Best.Green) + Math.Abs(pixel.Blue - Best.Blue) < 60;

    /// <summary>The mean height of the best line near a column, from the top.</summary>
    private static double HeightOfBest(PngImage image, int x)
    {
        var rows = Enumerable.Range(55, 435).Where(y => IsBest(image[x, y])).ToArray();
        Assert.NotEmpty(rows);
        return rows.Average();
    }

    [Fact]
    public void Axes_HaveTheirNamesAndTheirEnds()
    {
        var texts = Texts(Chart.ParallelCoordinates("Trials", Axes, [[0.01, 8, 0], [0.1, 64, 1]], "loss", [0.5, 0.25]));
        Assert.All(["Trials", "rate", "units", "kind", "loss", "0.001", "0.01", "0.1", "8", "64", "adam", "sgd", "0.25", "0.5", "the best", "worst to best, by rank"], text => Assert.Contains(text, texts));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BestLine_StandsOut(bool lowerIsBetter)
    {
        // The first line is high on every axis, the other low.
        var chart = Chart.ParallelCoordinates("", Axes[..2], [[0.09, 60], [0.0012, 10]], "score", [2, 1], lowerIsBetter);
        using var image = new PngImage(chart.ToPng());
        var height = HeightOfBest(image, 250);
        Assert.True(lowerIsBetter ? height > 350 : height < 150, $"{height}");
    }

    [Fact]
    public void LogarithmicAxis_IsEvenInItsLogarithm()
    {
        using var image = new PngImage(Chart.ParallelCoordinates("", Axes[..1], [[0.01]], "score", [1]).ToPng());
        using var ends = new PngImage(Chart.ParallelCoordinates("", [new("rate", 0.001, 0.1)], [[0.0505]], "score", [1]).ToPng());
        Assert.Equal(HeightOfBest(ends, 120), HeightOfBest(image, 120), 0.6);
    }

    [Fact]
    public void LinesThatCannotBeDrawn_ArePassedOver()
    {
        var chart = Chart.ParallelCoordinates("", Axes, [[0.01, 8, 0], [5, 8, 0], [0.01, 8, 3], [0.01, 8, 1]], "loss", [1, 0, 0, double.NaN]);
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("1", Texts(chart));
        Assert.Throws<ArgumentException>(() => Chart.ParallelCoordinates("", Axes, [[5, 8, 0]], "loss", [1]));
    }

    [Fact]
    public void OneTerribleScore_DoesNotPressTheOthersTogether()
    {
        var scores = Enumerable.Range(0, 20).Select(i => 1 + (0.05 * i)).Append(1e9).ToArray();
        var texts = Texts(Chart.ParallelCoordinates("", Axes[1..2], [.. scores.Select((_, i) => new double[] { 8 + i })], "loss", scores));
        Assert.DoesNotContain("1E+09", texts);
        Assert.Contains("1", texts);
    }

    [Theory]
    [InlineData(200, 200)]
    [InlineData(2000, 300)]
    public void Chart_CanBeDrawnInAnySize(int width, int height)
    {
        ParallelAxis[] many = [.. Enumerable.Range(0, 12).Select(i => new ParallelAxis($"a parameter with a long name {i}", 0, 1))];
        using var image = new PngImage(Chart.ParallelCoordinates("T", many, [[.. many.Select(_ => 0.5)]], "score", [1]).ToPng(width, height));
        Assert.Equal((width, height), (image.Width, image.Height));
    }

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        string Refusal(Action action) => Assert.Throws<ArgumentException>(action).Message.Split(" (Parameter")[0];
        Assert.Equal("Parallel coordinates need at least one axis beside the score.", Refusal(() => Chart.ParallelCoordinates("", [], [], "s", [])));
        Assert.Equal("There are 1 lines but 2 scores; each line needs one.", Refusal(() => Chart.ParallelCoordinates("", Axes, [[0.01, 8, 0]], "s", [1, 2])));
        Assert.Equal("A line has 2 values, but there are 3 axes.", Refusal(() => Chart.ParallelCoordinates("", Axes, [[0.01, 8]], "s", [1])));
    }
}
