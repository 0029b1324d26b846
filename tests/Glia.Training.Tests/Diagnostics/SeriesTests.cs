using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class SeriesTests
{
    [Theory]
    [InlineData(0, 0.1, 0)]
    [InlineData(0, 0.2, 0.5)]
    [InlineData(0.8, 1, 8.5)]
    [InlineData(0, 1, 4.5)]
    [InlineData(0.5, 0.5, 5)]
    [InlineData(1, 1, 9)]
    public void Mean_OfAShare_HasAtLeastOneNumber(double from, double to, double expected) =>
        Assert.Equal(expected, Series.Mean([.. Enumerable.Range(0, 10).Select(i => (double)i)], from, to), 12);

    [Fact]
    public void Mean_OfOneNumber_IsIt() => Assert.Equal(7, Series.Mean([7], 0.8, 1));

    [Fact]
    public void Median_IsTheMiddleOne_NaNOfNone()
    {
        Assert.Equal(3, Series.Median([5, 1, 3]));
        Assert.Equal(3, Series.Median([4, 1, 3, 2]));
        Assert.True(double.IsNaN(Series.Median([])));
    }

    [Fact]
    public void Smooth_DropsASingleOddOne_AndKeepsSteps()
    {
        Assert.Equal([1, 1, 1, 1, 1], Series.Smooth([1, 1, 9, 1, 1]));
        Assert.Equal([1, 1, 5, 5], Series.Smooth([1, 1, 5, 5]));
        Assert.Equal([3, 1], Series.Smooth([3, 1]));
    }
}
