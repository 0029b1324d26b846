namespace Glia.Plots.Tests;

public class TicksTests
{
    [Theory]
    [InlineData(0, 1, 6, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(0, 1, 3, "0.0 0.5 1.0")]
    [InlineData(-1, 1, 5, "-1.0 -0.5 0.0 0.5 1.0")]
    [InlineData(0.9, 0.99, 5, "0.90 0.92 0.94 0.96 0.98")]
    [InlineData(0, 2_000_000, 3, "0 1,000,000 2,000,000")]
    [InlineData(0, 3e8, 4, "0 1e+8 2e+8 3e+8")]
    [InlineData(0, 3e-6, 4, "0 1e-6 2e-6 3e-6")]
    public void Linear_TakesRoundNumbers(double low, double high, int most, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Linear(low, high, most).Labels));

    [Theory]
    [InlineData(1, 2, "1 2")]
    [InlineData(1, 3, "1 2 3")]
    [InlineData(1, 30, "5 10 15 20 25 30")]
    public void LinearOfIntegers_HasNoFractions(double low, double high, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Linear(low, high, 8, integersOnly: true).Labels));

    [Theory]
    [InlineData(-2, 2, 6, "0.01 0.1 1 10 100")]
    [InlineData(0, 2, 9, "1 2 5 10 20 50 100")]
    [InlineData(-12, 0, 4, "1e-12 1e-8 0.0001 1")]
    [InlineData(6, 8, 4, "1e+6 1e+7 1e+8")]
    public void Log_TakesPowersOfTen(double low, double high, int most, string labels) =>
        Assert.Equal(labels, string.Join(' ', Ticks.Log(low, high, most).Labels));

    [Fact]
    public void LogOfLessThanADecade_IsTickedLinearly()
    {
        var ticks = Ticks.Log(Math.Log10(2), Math.Log10(6), 5);
        Assert.Equal(["2", "3", "4", "5", "6"], ticks.Labels);
        Assert.Equal(Math.Log10(3), ticks.Positions[1], 1e-12);
    }

    [Fact]
    public void AnyRange_GetsAtMostTheNumberAskedFor()
    {
        for (var exponent = -150; exponent <= 99; exponent++)
        {
            foreach (var factor in (double[])[1, 1.3, 2, 4.99, 7, 9.99])
            {
                var high = factor * Math.Pow(10, exponent);
                var ticks = Ticks.Linear(-high / 3, high, 7);
                Assert.InRange(ticks.Positions.Length, 2, 7);
                Assert.All(ticks.Positions, position => Assert.InRange(position, (-high / 3) - (1e-6 * high), high * (1 + 1e-6)));
            }
        }
    }
}
