using SkiaSharp;

namespace Glia.Plots.Tests;

public class DecisionBoundaryChartTests
{
    private static readonly ChartPoints[] Classes = [new("below", [0, 1], [0, 0]), new("above", [0, 1], [1, 1])];

    private static bool IsBlue(SKColor color) => color.Blue > color.Red + 20;

    private static bool IsOrange(SKColor color) => color.Red > color.Blue + 20;

    [Fact]
    public void Ground_HasTheColourOfThePredictedClass_PalerWhereTheModelGuesses()
    {
        var chart = Chart.DecisionBoundary("Halves", Classes, AllChartsTests.Halves, "x", "height");
        Texts.AreAll(chart, "Halves", "below", "above", "x", "height");
        using var image = new PngImage(chart.ToPng());
        Assert.True(IsOrange(image[400, 120]), "above");
        Assert.True(IsBlue(image[400, 530]), "below");
        // The middle lies at half the height; near it the colour is faint.
        Assert.True(image[400, 530].Red < image[400, 345].Red, "surer farther off");
        Assert.True(image.Count(100, 310, 650, 350, c => c is { Red: < 60, Green: < 60, Blue: < 60 }) > 300, "the boundary is drawn");
    }

    [Fact]
    public void Text_IsAMapOfLetters()
    {
        var lines = Chart.DecisionBoundary("", Classes, AllChartsTests.Halves).ToText(60, 14);
        Assert.All(lines[1], c => Assert.Equal('b', c));
        Assert.All(lines[10], c => Assert.Equal('a', c));
        Assert.Equal(["a = below", "b = above"], lines.TakeLast(2));
    }

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        Assert.Equal("A decision boundary is drawn between 2 to 8 classes, but there are 1.", Texts.Refusal(() => Chart.DecisionBoundary("", Classes[..1], AllChartsTests.Halves)));
        Assert.Equal("There is no finite point to draw.", Texts.Refusal(() => Chart.DecisionBoundary("", [new("a", [double.NaN], [0]), new("b", [double.NaN], [0])], AllChartsTests.Halves)));
        Assert.Equal("The probabilities of 2 classes at 19600 points should be (19600, 2), but got (19600, 1).", Texts.Refusal(() => Chart.DecisionBoundary("", Classes, x => x.Slice(1, 0, 1))));
    }
}
