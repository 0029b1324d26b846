namespace Glia.Training.Tests;

public class CalibrationCurveTests
{
    [Fact]
    public void Bins_AndErrors_AreThoseByHand()
    {
        // Bins of (0, ½] and (½, 1]: 0.5 and 0.2 with one right of two; 0.6, 0.8, 1.0 with two right of three.
        var curve = CalibrationCurve.Of([0.5, 0.2, 0.6, 0.8, 1], [true, false, false, true, true], bins: 2);
        Assert.Equal([2L, 3L], curve.Bins.Select(b => b.Count));
        Assert.Equal(0.35, curve.Bins[0].Confidence, 12);
        Assert.Equal(0.5, curve.Bins[0].Accuracy, 12);
        Assert.Equal(0.8, curve.Bins[1].Confidence, 12);
        Assert.Equal(2 / 3.0, curve.Bins[1].Accuracy, 12);
        Assert.Equal((0.4 * 0.15) + (0.6 * (0.8 - (2 / 3.0))), curve.ExpectedError, 12);
        Assert.Equal(0.15, curve.LargestError, 12);
        Assert.Equal(5, curve.Count);
    }

    [Fact]
    public void PerfectProbabilities_HaveHardlyAnyError()
    {
        var rng = new Rng(3);
        var confidences = Tensor.Uniform(rng, 20_000).ToArray<float>().Select(c => (double)c).ToArray();
        var luck = Tensor.Uniform(rng.Split(1), 20_000).ToArray<float>();
        Assert.InRange(CalibrationCurve.Of(confidences, [.. confidences.Zip(luck, (c, u) => u < c)]).ExpectedError, 0, 0.02);
        Assert.InRange(CalibrationCurve.Of(confidences, [.. confidences.Zip(luck, (c, u) => u < c * c)]).ExpectedError, 0.14, 0.2);
    }

    [Fact]
    public void EmptyBins_CountForNothing_AndWrongInputIsRefused()
    {
        var curve = CalibrationCurve.Of([0, 1], [false, true]);
        Assert.Equal(2, curve.Bins.Count(b => b.Count == 1));
        Assert.Equal(0, curve.ExpectedError);
        Assert.Throws<ArgumentException>(() => CalibrationCurve.Of([], []));
        Assert.Throws<ArgumentException>(() => CalibrationCurve.Of([0.5], [true, false]));
        Assert.Contains("number 1 is 1.5", Assert.Throws<ArgumentException>(() => CalibrationCurve.Of([0.5, 1.5], [true, false])).Message, StringComparison.Ordinal);
    }
}
