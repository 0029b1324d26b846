using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class HistogramTests
{
    [Fact]
    public void Counts_AreOfIntervalsFromTheSmallestToTheLargest()
    {
        var histogram = Histogram.Of([0, 1, 1.5f, 2, 4, float.NaN, float.PositiveInfinity], bins: 4);
        Assert.Equal((0, 4), (histogram.Low, histogram.High));
        Assert.Equal([1L, 2, 1, 1], histogram.Counts);
        Assert.Equal(5, histogram.Total);
        Assert.Equal(0.4, histogram.DensityAt(1.2), 12);
        Assert.Equal(0, histogram.DensityAt(4.1));
        Assert.Equal(0.2, histogram.DensityAt(4), 12);
        Assert.Equal(1, Enumerable.Range(0, 4000).Sum(i => histogram.DensityAt((i + 0.5) / 1000)) / 1000, 9);
    }

    [Fact]
    public void OneValue_OrNone_IsAHistogram()
    {
        Assert.Equal([3L, 0], Histogram.Of([2, 2, 2], bins: 2).Counts);
        Assert.True(Histogram.Of([2, 2]).DensityAt(2) > 0);
        Assert.Equal(0, Histogram.Of([float.NaN]).Total);
        Assert.Equal(0, Histogram.Of([]).DensityAt(0));
    }

    [Fact]
    public void Large_RandomNumbers_AreCountedAsByAPlainLoop()
    {
        var values = Tensor.Normal(new Rng(1), 4097).ToArray<float>();
        var histogram = Histogram.Of(values, bins: 31);
        var width = (histogram.High - histogram.Low) / 31;
        for (var bin = 0; bin < 31; bin++)
        {
            var (low, high) = (histogram.Low + (bin * width), histogram.Low + ((bin + 1) * width));
            Assert.InRange(histogram.Counts[bin] - values.Count(v => v >= low && (v < high || bin == 30)), -1, 1);
        }
    }
}
