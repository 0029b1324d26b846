namespace Glia.Training.Tests;

public class RocCurveTests
{
    [Fact]
    public void Curve_PassesTheRatesOfEveryThreshold()
    {
        var curve = RocCurve.Of([0.9, 0.8, 0.8, 0.3, 0.1], [true, true, false, true, false]);
        Assert.Equal([double.PositiveInfinity, 0.9, 0.8, 0.3, 0.1], curve.Thresholds);
        Assert.Equal([0, 0, 0.5, 0.5, 1], curve.FalsePositiveRates);
        Assert.Equal([0, 1 / 3.0, 2 / 3.0, 1, 1], curve.TruePositiveRates);
        Assert.Equal((3L, 2L), (curve.Positives, curve.Negatives));
        for (var i = 1; i < curve.Thresholds.Count; i++)
            Assert.Equal(new[] { 0.9, 0.8, 0.8, 0.3, 0.1 }.Zip([true, true, false, true, false]).Count(p => p.Second && p.First >= curve.Thresholds[i]) / 3.0, curve.TruePositiveRates[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Area_IsThatOfTheMetric_TiesIncluded(int levels)
    {
        var rng = new Rng(9);
        var scores = Tensor.Uniform(rng, 301).ToArray<float>().Select(s => Math.Floor(s * levels) / levels).ToArray();
        var truth = Tensor.Uniform(rng.Split(1), 301).ToArray<float>().Zip(scores, (u, s) => u < (0.2 + s) / 2).ToArray();
        var metric = new RocAuc();
        metric.Update(Tensor.From(scores, (301, 1)), Tensor.From([.. truth.Select(t => t ? 1L : 0)]));
        Assert.Equal(metric.Value, RocCurve.Of(scores, truth).Area, 12);
    }

    [Fact]
    public void WhatHasNoCurve_IsRefused()
    {
        Assert.Contains("2 scores but 1 truths", Assert.Throws<ArgumentException>(() => RocCurve.Of([1, 2], [true])).Message, StringComparison.Ordinal);
        Assert.Contains("but there are 2 and 0", Assert.Throws<ArgumentException>(() => RocCurve.Of([1, 2], [true, true])).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => RocCurve.Of([1, double.NaN], [true, false])).Message, StringComparison.Ordinal);
    }
}
