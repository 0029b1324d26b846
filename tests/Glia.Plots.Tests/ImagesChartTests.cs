using SkiaSharp;

namespace Glia.Plots.Tests;

public class ImagesChartTests
{
    private static readonly double[,] Steps = { { 0, 1 }, { 2, 3 } };

    [Fact]
    public void Pixels_AreSquaresOfTheirShade_OnOneScale()
    {
        var chart = Chart.Images("", [new("", Steps), new("", new double[,] { { 6, 6 }, { 6, 6 } })], perRow: 2);
        using var image = new PngImage(chart.ToPng());
        // Tiles of 190 pixels at the left margin of 20.
        var (left, top) = (20 + 10, FirstRow(image) + 10);
        Assert.Equal(0, image[left, top].Red);
        Assert.Equal(43, image[left + 95, top].Red, 1.0);
        Assert.Equal(85, image[left, top + 95].Red, 1.0);
        Assert.Equal(128, image[left + 95, top + 95].Red, 1.0);
        Assert.Equal(255, image[left + 200, top].Red);
    }

    [Fact]
    public void Colours_OfSignedNumbers_AreWhiteAtZero_BlueBelow_OrangeAbove()
    {
        Assert.Equal("#F7F7F7", ImageRamp.At(ImageColors.Signed, 0.5).ToHex());
        Assert.Equal((-3, 3), ImageRamp.Range(ImageColors.Signed, [-1, 0, 3, double.NaN]));
        Assert.Equal((-1, 3), ImageRamp.Range(ImageColors.Gray, [-1, 0, 3]));
        var (below, above) = (ImageRamp.At(ImageColors.Signed, 0.2), ImageRamp.At(ImageColors.Signed, 0.8));
        Assert.True(below.B > below.R && above.R > above.B);
        Assert.Equal(ImageRamp.NoValue, ImageRamp.At(ImageColors.Viridis, double.NaN));
    }

    [Fact]
    public void Overlay_ShowsWhereItIsLarge()
    {
        var dark = new double[,] { { 0, 0 }, { 0, 0 } };
        var chart = Chart.Images("", [new ChartImage("", dark) { Overlay = new double[,] { { 1, 0 }, { 0, 0 } }, HasOwnScale = true }]);
        Texts.AreAll(chart, "little to much");
        using var image = new PngImage(chart.ToPng());
        var top = FirstRow(image);
        Assert.True(image[40, top + 20].Green > image[190, top + 170].Green + 60);
    }

    [Fact]
    public void Stretching_IsLinearBetweenTheMiddlesOfCells()
    {
        Assert.Equal(0, ImagesChart.Stretched(Steps, 0.1, 0.1), 12);
        Assert.Equal(1.5, ImagesChart.Stretched(Steps, 0.5, 0.5), 12);
        Assert.Equal(0.5, ImagesChart.Stretched(Steps, 0.5, 0), 12);
        Assert.Equal(3, ImagesChart.Stretched(Steps, 1, 1), 12);
        Assert.Equal(7, ImagesChart.Stretched(new double[,] { { 7 } }, 0.3, 0.9), 12);
    }

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        Assert.Equal("A chart of pictures has 1 to 400 of them, but got 0.", Texts.Refusal(() => Chart.Images("", [])));
        Assert.Equal("A picture has one channel, or red, green and blue, but got 2.", Texts.Refusal(() => _ = new ChartImage("", [Steps, Steps])));
        Assert.Equal("The channels of a picture must have pixels, and be of one size.", Texts.Refusal(() => _ = new ChartImage("", [Steps, Steps, new double[1, 1]])));
    }

    private static int FirstRow(PngImage image) => Enumerable.Range(0, image.Height).First(y => image[60, y] != SKColors.White && image[200, y] != SKColors.White);
}
