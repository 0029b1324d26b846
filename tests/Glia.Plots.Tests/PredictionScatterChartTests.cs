using System.Xml.Linq;

namespace Glia.Plots.Tests;

public class PredictionScatterChartTests
{
    private static XElement[] Elements(Chart chart, string name) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == name)];

    [Fact]
    public void Points_AreDrawnWithLabelsAndDiagonal()
    {
        var chart = Chart.PredictionScatter("Housing", "price (1000 $)", [100, 200, 300], [110, 190, 310]);
        var texts = Elements(chart, "text").Select(text => text.Value).ToArray();
        string[] expected = ["Housing", "true price (1000 $)", "predicted price (1000 $)", "3 predictions", "perfect prediction"];
        Assert.All(expected, text => Assert.Contains(text, texts));
        Assert.Equal(3, Elements(chart, "ellipse").Length - 1);
        Assert.Equal(2, SvgDashes.In(chart).Length);
        Assert.InRange(SvgDashes.In(chart).Max(), 50, 100);
    }

    [Fact]
    public void BothAxes_HaveTheSameScale()
    {
        // Perfect predictions lie on the diagonal of a square, so steps to the right and upwards are equally long.
        var points = Elements(Chart.PredictionScatter("", "y", [0, 10], [0, 10]), "ellipse")[..2];
        double At(int i, string axis) => double.Parse(points[i].Attribute(axis)!.Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(At(1, "cx") - At(0, "cx"), At(0, "cy") - At(1, "cy"), 0.01);
    }

    [Fact]
    public void PairsThatCannotBeDrawn_AreLeftOut()
    {
        double[] actual = [1, double.NaN, 3, double.PositiveInfinity, 5];
        double[] predicted = [1, 2, double.NegativeInfinity, 4, 1e300];
        Assert.Contains("1 prediction", Elements(Chart.PredictionScatter("", "y", actual, predicted), "text").Select(text => text.Value));
    }

    [Fact]
    public void ManyPoints_AreThinnedEvenly()
    {
        var values = Enumerable.Range(0, 12_000).Select(i => (double)i).ToArray();
        var chart = Chart.PredictionScatter("", "y", values, values);
        Assert.Contains("5,000 of 12,000 predictions", Elements(chart, "text").Select(text => text.Value));
        using var image = new PngImage(chart.ToPng());
        Assert.True(image.Count(300, 300, 400, 400, color => color.Blue > color.Red + 50) > 300);
    }

    [Fact]
    public void ImpossibleLists_AreRefused()
    {
        Assert.StartsWith("There are 2 true values but 1 predictions; give one for each.", Assert.Throws<ArgumentException>(
            () => Chart.PredictionScatter("", "y", [1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no pair of finite values to draw.", Assert.Throws<ArgumentException>(
            () => Chart.PredictionScatter("", "y", [double.NaN], [1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Chart.PredictionScatter("", "y", [], []));
    }
}
