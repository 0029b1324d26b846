using System.Xml.Linq;
using SkiaSharp;

namespace Glia.Plots.Tests;

public class LearningCurvesChartTests
{
    private static readonly SKColor First = new(0x00, 0x72, 0xB2);
    private static readonly SKColor Second = new(0xD5, 0x5E, 0x00);

    private static int Colored(Chart chart, SKColor color)
    {
        using var image = new PngImage(chart.ToPng());
        return image.Count(80, 75, 880, 470, pixel => pixel == color);
    }

    private static string[] Texts(Chart chart) =>
    [
        .. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value),
    ];

    [Fact]
    public void TwoSeries_HaveTheirColoursAndNames()
    {
        var chart = Chart.LearningCurves("", "loss", [new("training", [3, 2, 1]), new("validation", [3.5, 2.5, 2])]);
        Assert.True(Colored(chart, First) > 500);
        Assert.True(Colored(chart, Second) > 500);
        Assert.All(["training", "validation"], name => Assert.Contains(name, Texts(chart)));
    }

    [Fact]
    public void BestEpoch_IsMarkedAndNamed()
    {
        ChartSeries[] series = [new("validation", [3, 2, 1, 2])];
        var without = Chart.LearningCurves("", "loss", series);
        var with = Chart.LearningCurves("", "loss", series, bestEpoch: 3);
        Assert.Contains("best epoch: 3", Texts(with));
        Assert.Equal(2, SvgDashes.In(with).Length);
        Assert.Empty(SvgDashes.In(without));
        Assert.InRange(SvgDashes.In(with).Max(), 30, 50);
    }

    [Fact]
    public void XLabel_IsWhatIsCounted()
    {
        Assert.Contains("epoch", Texts(Chart.LearningCurves("", "loss", [new("a", [2, 1])])));
        var texts = Texts(Chart.LearningCurves("", "mistakes", [new("a", [2, 1])], bestEpoch: 2, xLabel: "pass"));
        Assert.Contains("pass", texts);
        Assert.Contains("best pass: 2", texts);
        Assert.DoesNotContain("epoch", texts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void BestEpochOutsideTheSeries_IsRefused(int epoch) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Chart.LearningCurves("", "loss", [new("a", [1, 2, 3, 4])], epoch));

    [Fact]
    public void SinglePoint_IsVisible()
    {
        Assert.InRange(Colored(Chart.LearningCurves("", "accuracy", [new("a", [0.93])], logScale: false), First), 15, 60);
        Assert.InRange(Colored(Chart.LearningCurves("", "accuracy", [new("a", [0.93])], logScale: true), First), 15, 60);
        // A lone point among many epochs too, where lines have no markers.
        var values = Enumerable.Repeat(double.NaN, 200).Append(1).ToArray();
        Assert.InRange(Colored(Chart.LearningCurves("", "accuracy", [new("a", values)]), First), 15, 60);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MaxValue)]
    public void PointsThatCannotBeDrawn_ArePassedOver(double value)
    {
        var svg = Chart.LearningCurves("", "loss", [new("a", [3, value, 1])]).ToSvg();
        Assert.Equal(2, XDocument.Parse(svg).Descendants().Count(element => element.Name.LocalName == "ellipse") - 1);
        Assert.DoesNotContain("NaN", svg, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void LogScale_PassesOverZerosAndSaysSo()
    {
        var chart = Chart.LearningCurves("", "loss", [new("a", [100, 0, -1, 0.01])], logScale: true);
        Assert.All(["loss, log scale", "0.01", "0.1", "1", "10", "100"], text => Assert.Contains(text, Texts(chart)));
        Assert.True(Colored(chart, First) > 500);
    }

    [Fact]
    public void NothingToDraw_IsAClearError()
    {
        Assert.StartsWith("The series 'a' is empty; a curve needs at least one value.",
            Assert.Throws<ArgumentException>(() => new ChartSeries("a", [])).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no series to draw; give at least one.",
            Assert.Throws<ArgumentException>(() => Chart.LearningCurves("", "loss", [])).Message, StringComparison.Ordinal);
        Assert.StartsWith("No value of 'a', 'b' is finite.", Assert.Throws<ArgumentException>(
            () => Chart.LearningCurves("", "loss", [new("a", [double.NaN]), new("b", [double.NaN])])).Message, StringComparison.Ordinal);
        Assert.StartsWith("No value of 'a' is finite and positive, as a logarithmic axis needs.", Assert.Throws<ArgumentException>(
            () => Chart.LearningCurves("", "loss", [new("a", [0, -1])], logScale: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OneSeriesWithoutPoints_LeavesTheOtherDrawn() =>
        Assert.True(Colored(Chart.LearningCurves("", "loss", [new("a", [1, 2]), new("b", [double.NaN])]), First) > 100);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e99, -1e99)]
    [InlineData(1e-300, 2e-300)]
    [InlineData(5e-324, 1e-323)]
    [InlineData(1e17, 1e17 + 16)]
    [InlineData(-5, -5)]
    public void ExtremeValues_AreDrawn(double first, double second)
    {
        var chart = Chart.LearningCurves("", "loss", [new("a", [first, second])]);
        Assert.True(Colored(chart, First) > 100);
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void ManyEpochs_StayQuick()
    {
        var values = Enumerable.Range(0, 20_000).Select(i => Math.Sin(i / 500.0)).ToArray();
        Assert.True(Colored(Chart.LearningCurves("", "loss", [new("a", values)]), First) > 500);
    }

    [Fact]
    public void Smoothing_IsAMovingAverageCorrectedForItsStart()
    {
        var smooth = LearningCurvesChart.Smoothed([(1, 4), (2, 2), (4, 1)], 0.5);
        // 0.5·4 / 0.5; (0.25·4 + 0.5·2) / 0.75; (0.125·4 + 0.25·2 + 0.5·1) / 0.875.
        Assert.Equal([4, 2 / 0.75, 1.5 / 0.875], smooth.Select(p => p.Value));
        Assert.Equal([1, 2, 4], smooth.Select(p => p.Epoch));
        Assert.Throws<ArgumentOutOfRangeException>(() => Chart.LearningCurves("", "loss", [new("a", [1])], smoothing: 1));
    }

    [Fact]
    public void LogX_SpreadsEpochsByPowers()
    {
        var texts = Texts(Chart.LearningCurves("", "loss", [new("a", [.. Enumerable.Range(1, 1000).Select(e => 1.0 / e)])], logX: true));
        Assert.All(["epoch, log scale", "1", "10", "100", "1000"], text => Assert.Contains(text, texts));
    }
}
