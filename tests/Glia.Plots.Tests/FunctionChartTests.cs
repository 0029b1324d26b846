using System.Globalization;
using System.Xml.Linq;
using Glia.Layers;

namespace Glia.Plots.Tests;

public class FunctionChartTests
{
    /// <summary>The points of the curves of a colour, in pixels, curve by curve.</summary>
    private static List<List<(double X, double Y)>> Curves(Chart chart, string color) =>
    [
        .. XDocument.Parse(chart.ToSvg()).Descendants()
            .Where(element => element.Name.LocalName == "path" && element.Attribute("stroke")?.Value == color)
            .Select(path => path.Attribute("d")!.Value.Split('M', 'L', ' ').Where(part => part.Length > 0)
                .Select(part => double.Parse(part, CultureInfo.InvariantCulture)).Chunk(2).Select(pair => (pair[0], pair[1])).ToList()),
    ];

    private static string[] Texts(Chart chart) =>
        [.. XDocument.Parse(chart.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text").Select(text => text.Value)];

    [Fact]
    public void Curves_RunFromEdgeToEdgeAndKeepTheirShape()
    {
        var chart = Chart.Function("Squares", [ChartPoints.Of("x²", x => x * x, -2, 2, 5), ChartPoints.Of("4 − x²", x => 4 - (x * x), -2, 2, 5)], "time (s)", "height (m)");

        Assert.All(["Squares", "x²", "4 − x²", "time (s)", "height (m)", "-2.0", "2.0", "4"], text => Assert.Contains(text, Texts(chart)));
        var (square, other) = (Assert.Single(Curves(chart, "#0072B2"), c => c.Count == 5), Assert.Single(Curves(chart, "#D55E00"), c => c.Count == 5));
        var unit = (square[0].Y - square[2].Y) / 4;
        Assert.Equal(square[0].Y - unit * 3, square[1].Y, 0.1);
        Assert.Equal(square[2].Y, other[0].Y, 0.1);
        Assert.Equal(square[0].Y, other[2].Y, 0.1);
        Assert.True(square[4].X - square[0].X > 500);
    }

    [Fact]
    public void PointWithoutAValue_BreaksTheCurve()
    {
        var chart = Chart.Function("", [ChartPoints.Of("1 / x", x => 1 / x, -2, 2, 41)]);
        Assert.Equal([20, 20], Curves(chart, "#0072B2").Where(c => c.Count > 2).Select(c => c.Count));
    }

    [Fact]
    public void LogScale_MakesAGeometricSequenceALine_AndPassesOverZero()
    {
        var chart = Chart.Function("", [new ChartPoints("2⁻ᵗ", [0, 1, 2, 3, 4, 5], [1, 0.5, 0.25, 0.125, 0, 0.03125])], "t", "norm", logScale: true);

        var curves = Curves(chart, "#0072B2").Where(c => c.Count >= 4).ToList();
        var line = Assert.Single(curves);
        Assert.Equal(4, line.Count);
        for (var i = 1; i < 4; i++)
            Assert.Equal(line[1].Y - line[0].Y, line[i].Y - line[i - 1].Y, 0.1);
        Assert.Contains("norm, log scale", Texts(chart));
    }

    [Fact]
    public void BothAxesLogarithmic_MakeAPowerALine_AndPassOverZero()
    {
        var chart = Chart.Function("", [new ChartPoints("n²", [0, 1, 10, 100, 1000], [7, 1, 100, 10_000, 1_000_000])], "n", "time", logScale: true, logX: true);

        var line = Assert.Single(Curves(chart, "#0072B2"), c => c.Count == 4);
        for (var i = 1; i < 4; i++)
        {
            Assert.Equal(line[1].X - line[0].X, line[i].X - line[i - 1].X, 0.1);
            Assert.Equal(line[1].Y - line[0].Y, line[i].Y - line[i - 1].Y, 0.1);
        }
        Assert.All(["n, log scale", "time, log scale", "1000"], text => Assert.Contains(text, Texts(chart)));
    }

    [Fact]
    public void LogScale_NothingAboveZero_Refused() => Assert.Equal(
        "No point of 'f' is finite and above 0, as a logarithmic scale needs. (Parameter 'curves')",
        Assert.Throws<ArgumentException>(() => Chart.Function("", [new ChartPoints("f", [0, 1], [0, -1])], logScale: true)).Message);

    [Fact]
    public void Activation_DrawsTheDerivativeOfTheLayerItself()
    {
        // Between −1 and 1 tanh′ = 1 − tanh²; the derivative's curve is compared in the unit of the function's.
        var chart = Chart.Activation(new Tanh(), -1, 1);
        var (function, derivative) = (Curves(chart, "#0072B2").Single(c => c.Count > 2), Curves(chart, "#D55E00").Single(c => c.Count > 2));
        var unit = (function[0].Y - function[^1].Y) / (2 * Math.Tanh(1));
        var zero = function[function.Count / 2].Y;
        for (var i = 0; i < function.Count; i += 25)
        {
            var x = ((function[i].X - function[0].X) / (function[^1].X - function[0].X) * 2) - 1;
            Assert.Equal(Math.Tanh(x), (zero - function[i].Y) / unit, 0.01);
            Assert.Equal(1 - (Math.Tanh(x) * Math.Tanh(x)), (zero - derivative[i].Y) / unit, 0.01);
        }
    }

    [Fact]
    public void DerivativeOfReLU_JumpsWithoutALine()
    {
        var pieces = Curves(Chart.Activation(new ReLU()), "#D55E00").Where(c => c.Count > 2).ToList();
        Assert.Equal(2, pieces.Count);
        Assert.All(pieces, piece => Assert.Single(piece.Select(point => point.Y).Distinct()));
    }

    [Fact]
    public void Activation_LeavesGradientsAlone()
    {
        var layer = new PReLU();
        Assert.Contains("PReLU", Texts(Chart.Activation(layer)));
        Assert.Null(layer.Weight.Grad);
    }

    [Fact]
    public void WhatCannotBeDrawn_IsExplained()
    {
        Assert.StartsWith("There is no curve to draw; give at least one.",
            Assert.Throws<ArgumentException>(() => Chart.Function("", [])).Message, StringComparison.Ordinal);
        Assert.StartsWith("No point of 'a' is finite.",
            Assert.Throws<ArgumentException>(() => Chart.Function("", [new ChartPoints("a", [1, 2], [double.NaN, double.PositiveInfinity])])).Message, StringComparison.Ordinal);
        Assert.StartsWith("The points 'a' have 2 x and 1 y; give one of each for at least one point.",
            Assert.Throws<ArgumentException>(() => new ChartPoints("a", [1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("A curve is drawn from a number to a larger one, but got from 2 to 1.",
            Assert.Throws<ArgumentException>(() => ChartPoints.Of("a", x => x, 2, 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Chart.Activation expects a layer that works number by number, such as ReLU, but got Softmax. Draw it with Chart.Function.",
            Assert.Throws<ArgumentException>(() => Chart.Activation(new Softmax())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1e99, -1e99)]
    [InlineData(1e-300, 2e-300)]
    public void ExtremeValues_AreDrawn(double first, double second)
    {
        var chart = Chart.Function("", [new ChartPoints("a", [0, 1], [first, second])]);
        Assert.DoesNotContain("NaN", chart.ToSvg(), StringComparison.OrdinalIgnoreCase);
    }
}
