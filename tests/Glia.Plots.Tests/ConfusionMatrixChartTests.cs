using System.Xml.Linq;
using SkiaSharp;

namespace Glia.Plots.Tests;

public class ConfusionMatrixChartTests
{
    private static readonly string[] Iris = ["setosa", "versicolor", "virginica"];
    private static readonly long[,] Counts = { { 10, 0, 0 }, { 0, 9, 1 }, { 0, 2, 1998 } };

    private static string[] Texts(Chart chart) =>
    [
        .. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value),
    ];

    [Fact]
    public void Cells_ShowCountsAndSharesOfTheTrueClass()
    {
        var texts = Texts(Chart.ConfusionMatrix("Iris", Iris, Counts));
        string[] expected =
            ["Iris", "true class", "predicted class", "10", "100 %", "9", "90 %", "1", "10 %", "2", "<1 %", "1,998", ">99 %"];
        Assert.All(expected, text => Assert.Contains(text, texts));
        Assert.Equal(4, texts.Count(text => text == "0"));
        Assert.All(Iris, name => Assert.Equal(2, texts.Count(text => text == name)));
    }

    [Fact]
    public void Diagonal_IsDarkAndRunsFromTopLeft()
    {
        using var image = new PngImage(Chart.ConfusionMatrix("Iris", Iris, Counts).ToPng());
        static bool Dark(SKColor color) => color is { Red: < 60, Green: < 120 };
        Assert.True(Dark(image[130, 100]));
        Assert.True(Dark(image[680, 640]));
        Assert.False(Dark(image[680, 100]));
        Assert.False(Dark(image[130, 640]));
    }

    [Fact]
    public void ClassThatDoesNotOccur_HasNoShare()
    {
        var texts = Texts(Chart.ConfusionMatrix("", ["a", "b"], new long[,] { { 3, 1 }, { 0, 0 } }));
        Assert.Equal(["25 %", "75 %"], texts.Where(text => text.EndsWith(" %", StringComparison.Ordinal)).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(300)]
    public void AnyNumberOfClasses_IsDrawn(int count)
    {
        var counts = new long[count, count];
        for (var i = 0; i < count; i++)
            counts[i, i] = 5;
        var names = Enumerable.Range(0, count).Select(i => $"a rather long class name {i}").ToArray();
        using var image = new PngImage(Chart.ConfusionMatrix("", names, counts).ToPng());
        Assert.InRange(image.Count(0, 60, 720, 720, color => color.Blue > color.Red + 60), 300, 500_000);
    }

    [Fact]
    public void LongClassNames_AreCut()
    {
        var texts = Texts(Chart.ConfusionMatrix("", [new string('m', 200), "b"], new long[,] { { 1, 0 }, { 0, 1 } }));
        Assert.Equal(2, texts.Count(text => text.StartsWith("mmm", StringComparison.Ordinal) && text.EndsWith('…')));
    }

    [Fact]
    public void ImpossibleCounts_AreRefused()
    {
        Assert.StartsWith("There is no class", Assert.Throws<ArgumentException>(
            () => Chart.ConfusionMatrix("", [], new long[0, 0])).Message, StringComparison.Ordinal);
        Assert.StartsWith("The counts are 2 × 3 but there are 2 classes; 2 × 2 were expected.", Assert.Throws<ArgumentException>(
            () => Chart.ConfusionMatrix("", ["a", "b"], new long[2, 3])).Message, StringComparison.Ordinal);
        Assert.StartsWith("The count of true 'a' as 'b' is -1; it must be 0 or more.", Assert.Throws<ArgumentException>(
            () => Chart.ConfusionMatrix("", ["a", "b"], new long[,] { { 0, -1 }, { 0, 0 } })).Message, StringComparison.Ordinal);
    }
}
