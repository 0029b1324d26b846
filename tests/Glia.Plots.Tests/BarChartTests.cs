using System.Xml.Linq;
using SkiaSharp;

namespace Glia.Plots.Tests;

public class BarChartTests
{
    private static readonly SKColor Blue = new(0x00, 0x72, 0xB2);

    private static string[] Texts(Chart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    [Fact]
    public void Bars_AreInOrder_AndAsLongAsTheirValues()
    {
        var chart = Chart.Bars("Importance", ["little", "much"], [20, 80], "share (%)");
        var texts = Texts(chart);
        Assert.All(["Importance", "share (%)", "little", "much", "20", "80"], text => Assert.Contains(text, texts));
        Assert.True(Array.IndexOf(texts, "much") >= 0);
        using var image = new PngImage(chart.ToPng());
        int Length(int y) => image.Count(0, y, image.Width, y + 1, pixel => pixel == Blue);
        var upper = Enumerable.Range(40, 130).Max(Length);
        var lower = Enumerable.Range(200, 80).Max(Length);
        Assert.InRange(upper / (double)lower, 3.9, 4.1);
    }

    [Fact]
    public void ZerosOnly_CanBeDrawn() => Assert.DoesNotContain("NaN", Chart.Bars("", ["a"], [0]).ToSvg(), StringComparison.Ordinal);

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        string Refusal(Action action) => Assert.Throws<ArgumentException>(action).Message.Split(" (Parameter")[0];
        Assert.Equal("There is no bar to draw; give at least one.", Refusal(() => Chart.Bars("", [], [])));
        Assert.Equal("There are 1 names but 2 values; each bar needs both.", Refusal(() => Chart.Bars("", ["a"], [1, 2])));
        Assert.Equal("Bars expect finite values of 0 or more, but got -1.", Refusal(() => Chart.Bars("", ["a", "b"], [1, -1])));
        Assert.Equal("Bars expect finite values of 0 or more, but got NaN.", Refusal(() => Chart.Bars("", ["a"], [double.NaN])));
    }
}
