using Glia.Optimizers;

namespace Glia.Training.Tests.Tuning;

public class LearningRateRangeTestTests
{
    [Fact]
    public void Rates_GrowGeometricallyFromTheFirstToTheLast()
    {
        var range = new LearningRateRangeTest(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd()) { Last = 1e-3 }.Run(TuningProblems.Quadratic(), batchSize: 4);
        Assert.Equal(100, range.Points.Count);
        Assert.Null(range.DivergedAt);
        for (var i = 0; i < 100; i++)
            Assert.Equal(1e-7 * Math.Pow(1e4, i / 99.0), range.Points[i].Rate, 1e-12);
        Assert.Equal(1e-3, range.Points[^1].Rate);
    }

    [Fact]
    public void Smoothed_IsTheCorrectedMeanAndEndsAtFourTimesItsLeast()
    {
        var range = new LearningRateRangeTest(TuningProblems.Line(), Loss.MeanSquaredError, new Sgd()).Run(TuningProblems.Quadratic(), batchSize: 8);
        var mean = 0.0;
        var least = double.PositiveInfinity;
        for (var i = 0; i < range.Points.Count; i++)
        {
            mean = (0.98 * mean) + (0.02 * range.Points[i].Loss);
            var smoothed = mean / (1 - Math.Pow(0.98, i + 1));
            Assert.Equal(smoothed, range.Points[i].Smoothed, 1e-9 * smoothed);
            Assert.Equal(i == range.Points.Count - 1, smoothed > 4 * least);
            least = Math.Min(least, smoothed);
        }
        Assert.Equal(range.Points[^1].Rate, range.DivergedAt);
        Assert.InRange(range.DivergedAt!.Value, TuningProblems.Threshold, 10);
    }

    [Theory]
    [InlineData(1ul)]
    [InlineData(2ul)]
    public void Suggestions_LieWhereTheLossFalls(ulong seed)
    {
        var range = new LearningRateRangeTest(Problems.Classifier(seed), Loss.CrossEntropy, new Adam()) { Seed = seed }.Run(Problems.Clusters(150, seed));
        Assert.InRange(range.Valley!.Value, 1e-4, 0.3);
        Assert.InRange(range.Steepest!.Value, 1e-4, 1);
    }

    [Fact]
    public void Suggestions_AreThoseOfTheirDefinitions()
    {
        double[] smoothed = [.. Enumerable.Repeat(9.0, 10), 8, 8.5, 7, 6.5, 3, 2.5, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13];
        var range = new LearningRateRange([.. smoothed.Select((s, i) => new LearningRatePoint(Math.Pow(10, i), s, s))], divergedAt: 1e25);
        // Of points 2 to 20, the longest falling run is 9, 8.5, 7, 6.5, 3, 2.5, 2, which ends at 16 and has 7; 3 points before its end is its middle.
        Assert.Equal(1e13, range.Valley!.Value, 1e3);
        Assert.Equal(1e13, range.Steepest!.Value, 1e3);
    }

    [Fact]
    public void LossThatDoesNotFall_HasNoSuggestion()
    {
        var range = new LearningRateRangeTest(Problems.Classifier(), Loss.From((prediction, _) => (prediction * 0).Sum() + 3, "flat loss"), new Sgd()).Run(Problems.Clusters(12, 1));
        Assert.Equal((100, null, null, null), (range.Points.Count, range.Valley, range.Steepest, range.DivergedAt));
    }

    [Fact]
    public void Everything_IsPutBackToTheBits()
    {
        var (model, optimizer) = (Problems.DropoutCnn(), new AdamW(0.003));
        var data = Problems.RandomImages(40, 1);
        new Trainer(model, Loss.CrossEntropy, optimizer).Fit(data, epochs: 1, batchSize: 8);
        var before = TuningProblems.Bits(model, optimizer);
        var first = new LearningRateRangeTest(model, Loss.CrossEntropy, optimizer).Run(data, batchSize: 8);
        Assert.Equal(before, TuningProblems.Bits(model, optimizer));
        Assert.Equal(first.Points, new LearningRateRangeTest(model, Loss.CrossEntropy, optimizer).Run(data, batchSize: 8).Points);
    }

    [Fact]
    public void NotANumber_EndsTheTestAtItsRate()
    {
        var range = new LearningRateRangeTest(TuningProblems.Line(), Loss.From((p, t) => ((p - t) * 1e15).Square().Square().Mean(), "steep loss"), new Sgd()).Run(TuningProblems.Quadratic());
        Assert.False(double.IsFinite(range.Points[^1].Loss));
        Assert.Equal(range.Points[^1].Rate, range.DivergedAt);
        Assert.Null(range.Valley);
    }

    [Fact]
    public void Settings_AreChecked()
    {
        var data = Problems.Clusters(9, 1);
        Assert.Throws<ArgumentException>(() => new LearningRateRangeTest(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { First = 1, Last = 0.1 }.Run(data));
        Assert.Throws<ArgumentException>(() => new LearningRateRangeTest(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { Smoothing = 1 }.Run(data));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateRangeTest(Problems.Classifier(), Loss.CrossEntropy, new Sgd()) { Steps = 1 }.Run(data));
    }
}
