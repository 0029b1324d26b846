using Glia.Losses;

namespace Glia.Training.Tests;

public class ClassificationMetricTests
{
    // Class 0: 3 samples, 2 right; class 1: 2 samples, 1 right; class 2: 1 sample, right; class 3 never occurs.
    private static readonly long[] Actual = [0, 0, 0, 1, 1, 2];
    private static readonly long[] Predicted = [0, 0, 1, 1, 0, 2];

    [Theory]
    [InlineData(Averaging.Macro, ((2 / 3.0) + 0.5 + 1) / 3, ((2 / 3.0) + 0.5 + 1) / 3)]
    [InlineData(Averaging.Micro, 4 / 6.0, 4 / 6.0)]
    [InlineData(Averaging.Weighted, ((3 * 2 / 3.0) + (2 * 0.5) + 1) / 6, ((3 * 2 / 3.0) + (2 * 0.5) + 1) / 6)]
    public void Averages_FollowTheirDefinition_AndLeaveAbsentClassesOut(Averaging averaging, double precision, double recall)
    {
        Assert.Equal(precision, Measure(new Precision(averaging)), 12);
        Assert.Equal(recall, Measure(new Recall(averaging)), 12);
        Assert.Equal((precision + recall) / 2, Measure(new F1Score(averaging)), 12);

        static double Measure(Metric metric)
        {
            metric.Update(OneHot(Predicted[..4], 4), Tensor.From(Actual[..4]));
            metric.Update(OneHot(Predicted[4..], 4), Tensor.From(Actual[4..]));
            return metric.Value;
        }
    }

    [Fact]
    public void BinaryAveraging_ScoresClassOne()
    {
        // One logit per sample: predicted 1, 1, 0, 0, 1 for actual 1, 0, 1, 0, 1.
        var prediction = Tensor.From([2f, 0.1f, -1, -3, 5], (5, 1));
        var target = Tensor.From([1f, 0, 1, 0, 1], (5, 1));
        Assert.Equal(2 / 3.0, Measure(new Precision(Averaging.Binary), prediction, target), 12);
        Assert.Equal(2 / 3.0, Measure(new Recall(Averaging.Binary), prediction, target), 12);
        Assert.Equal(2 / 3.0, Measure(new F1Score(Averaging.Binary), prediction, target), 12);
        Assert.Equal(
            "Binary averaging is for 2 classes but there are 3. Take Macro, Micro or Weighted.",
            Assert.Throws<InvalidOperationException>(() => Measure(new Precision(Averaging.Binary), OneHot([0], 3), Tensor.From<long>([0]))).Message);
    }

    [Fact]
    public void NothingMeasured_IsNaN_AndResetStartsAnew()
    {
        foreach (var metric in new Metric[] { new Precision(), new Recall(), new F1Score(), new TopKAccuracy(2), new RocAuc(), new Perplexity(), new MeanSquaredError() })
        {
            Assert.Equal(double.NaN, metric.Value);
            if (metric is MeanSquaredError)
                metric.Update(Tensor.Ones(2), Tensor.Zeros(2));
            else
                metric.Update(OneHot([0, 1, 1], 3), Tensor.From<long>([0, 1, 2]));
            Assert.False(double.IsNaN(metric.Value), metric.Name);
            metric.Reset();
            Assert.Equal(double.NaN, metric.Value);
        }
    }

    [Fact]
    public void LogitsOfPositions_HaveTheirClassesOnTheSecondAxis()
    {
        // (batch 1, classes 3, positions 2), as the losses take them.
        var logits = Tensor.From([0f, 9, 5, 0, 1, 1], (1, 3, 2));
        var target = Tensor.From<long>([1, 0], (1, 2));
        Assert.Equal(1, Measure(new Accuracy(), logits, target));
        Assert.Equal(1, Measure(new F1Score(), logits, target));
        Assert.Equal(1, Measure(new TopKAccuracy(1), logits, target));
        Assert.Equal(Math.Exp(Loss.CrossEntropy.Compute(logits, target).Item()), Measure(new Perplexity(), logits, target), 5);
    }

    [Fact]
    public void TopK_CountsTheFirstOfEqualOutputsAsTheLarger()
    {
        var logits = Tensor.From(new float[,] { { 3, 2, 1 }, { 3, 2, 1 }, { 1, 1, 1 }, { 1, 1, 1 }, { float.NaN, 1, 0 } });
        var target = Tensor.From<long>([1, 2, 1, 2, 0]);
        Assert.Equal(2 / 5.0, Measure(new TopKAccuracy(2), logits, target), 12);
        Assert.Equal(4 / 5.0, Measure(new TopKAccuracy(3), logits, target), 12);
    }

    [Fact]
    public void TopK_OfAllClassesOrOne_IsOneOrAccuracy()
    {
        for (var seed = 0ul; seed < 20; seed++)
        {
            var logits = Tensor.Normal(new Rng(seed), (50, 4));
            var target = Tensor.From(Enumerable.Range(0, 50).Select(i => (long)(i % 4)).ToArray());
            Assert.Equal(1, Measure(new TopKAccuracy(4), logits, target));
            Assert.Equal(Measure(new Accuracy(), logits, target), Measure(new TopKAccuracy(1), logits, target));
        }
    }

    [Fact]
    public void WrongTargets_AreRefused()
    {
        Assert.Equal(
            "TopKAccuracy expects at least 5 classes but got predictions (2, 3). Choose a smaller k.",
            Assert.Throws<ArgumentException>(() => Measure(new TopKAccuracy(), OneHot([0, 1], 3), Tensor.From<long>([0, 1]))).Message);
        Assert.Equal(
            "RocAuc expects classes from 0 to 2 but got 3.",
            Assert.Throws<ArgumentException>(() => Measure(new RocAuc(), OneHot([0, 1], 3), Tensor.From<long>([0, 3]))).Message);
        Assert.Equal(
            "RocAuc expects one target per prediction but got 2 and 1.",
            Assert.Throws<ArgumentException>(() => Measure(new RocAuc(), OneHot([0, 1], 3), Tensor.From<long>([0]))).Message);
        Assert.Equal(
            "Accuracy expects one target per prediction but got 2 and 3.",
            Assert.Throws<ArgumentException>(() => Measure(new Accuracy(), OneHot([0, 1], 3), Tensor.From<long>([0, 1, 2]))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Measure(new F1Score(), OneHot([0, 1], 3), Tensor.From<long>([0, -100])));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TopKAccuracy(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Precision((Averaging)9));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RocAuc(Averaging.Micro));
    }

    [Fact]
    public void Auc_IsTheShareOfPairsInOrder_TiesCountingHalf()
    {
        for (var seed = 0ul; seed < 30; seed++)
        {
            var rng = new Rng(seed);
            var scores = Enumerable.Range(0, 40).Select(_ => (float)rng.NextInt(8)).ToArray();
            var labels = Enumerable.Range(0, 40).Select(i => i == 0 ? 0L : i == 1 ? 1L : rng.NextInt(2)).ToArray();
            var pairs = from p in Enumerable.Range(0, 40).Where(i => labels[i] == 1)
                        from n in Enumerable.Range(0, 40).Where(i => labels[i] == 0)
                        select scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
            var expected = pairs.Average();

            Assert.Equal(expected, Measure(new RocAuc(), Tensor.From(scores, (40, 1)), Tensor.From(labels, (40, 1))), 12);
            // Two logits say the same as their difference, and the order of the classes does not matter.
            var two = Tensor.Concat(1, Tensor.From(scores, (40, 1)) * -0.5, Tensor.From(scores, (40, 1)) * 0.5);
            Assert.Equal(expected, Measure(new RocAuc(), two, Tensor.From(labels)), 12);
            Assert.Equal(1 - expected, Measure(new RocAuc(), -two, Tensor.From(labels)), 12);
        }
    }

    [Fact]
    public void AucOfManyClasses_IsTheMeanOfEachAgainstTheRest()
    {
        var logits = Tensor.Normal(new Rng(3), (60, 3), dtype: DType.Float64);
        var labels = Enumerable.Range(0, 60).Select(i => (long)(i % 6 == 0 ? 2 : i % 2)).ToArray();
        var each = new double[3];
        for (var c = 0; c < 3; c++)
        {
            var share = Tensor.From(logits.Softmax().ToArray<double>().Where((_, i) => i % 3 == c).ToArray(), (60, 1));
            each[c] = Measure(new RocAuc(), share, Tensor.From(labels.Select(l => l == c ? 1L : 0).ToArray()));
        }
        Assert.Equal(each.Average(), Measure(new RocAuc(), logits, Tensor.From(labels)), 12);
        var counts = Enumerable.Range(0, 3).Select(c => labels.Count(l => l == c)).ToArray();
        Assert.Equal(each.Zip(counts, (a, n) => a * n).Sum() / 60, Measure(new RocAuc(Averaging.Weighted), logits, Tensor.From(labels)), 12);
    }

    [Fact]
    public void AucOfOneClassOrOfNaN_IsUndefined()
    {
        Assert.Equal(double.NaN, Measure(new RocAuc(), Tensor.From([1f, 2], (2, 1)), Tensor.From<long>([1, 1])));
        Assert.Equal(double.NaN, Measure(new RocAuc(), OneHot([0, 1], 3), Tensor.From<long>([1, 1])));
        Assert.Equal(double.NaN, Measure(new RocAuc(), Tensor.From([1f, float.NaN], (2, 1)), Tensor.From<long>([0, 1])));
    }

    [Fact]
    public void PerplexityOfUniformLogits_IsTheNumberOfClasses_AndPaddingDoesNotCount()
    {
        Assert.Equal(7, Measure(new Perplexity(), Tensor.Zeros((3, 7)), Tensor.From<long>([0, -100, 6])), 6);
        Assert.Equal(1, Measure(new Perplexity(), OneHot([1, 2], 3) * 1000, Tensor.From<long>([1, 2])), 6);
    }

    [Fact]
    public void ClassAxis_SaysWhereTheClassesLie_WithAsManyStepsAsClasses()
    {
        // (batch 1, time 3, classes 3): each step's largest output is at its target but the last, whose target is padding. Along axis 1 it would always be the third.
        var prediction = Tensor.From([5f, 1, 0, 6, 2, 7, 9, 3, 8], (1, 3, 3));
        var target = Tensor.From([0L, 2, -100], (1, 3));
        var counted = Tensor.From([0L, 2, 0], (1, 3));

        Assert.Equal(1, Measure(new Accuracy(classAxis: -1), prediction, target), 12);
        Assert.Equal(1, Measure(new Accuracy(classAxis: 2), prediction, target), 12);
        Assert.Equal(1, Measure(new Accuracy(classAxis: -1, ignoreIndex: 2), prediction, counted), 12);
        Assert.Equal(0.5, Measure(new Accuracy(), prediction.Permute(0, 2, 1), Tensor.From([0L, 1, -100], (1, 3))), 12);
        Assert.Equal(0.5, Measure(new Accuracy(), prediction, target), 12);
        foreach (var metric in new Metric[] { new F1Score(classAxis: -1), new Precision(classAxis: -1), new Recall(classAxis: -1), new TopKAccuracy(1, classAxis: -1) })
            Assert.Equal(1, Measure(metric, prediction, counted), 12);
        var matrix = new ConfusionMatrix(3);
        matrix.Update(prediction, counted, classAxis: -1);
        Assert.Equal((2, 1), (matrix[0, 0], matrix[2, 2]));
        Assert.Equal(
            Math.Exp(new CrossEntropyLoss(classAxis: -1).Compute(prediction, target).Item()), Measure(new Perplexity(classAxis: -1), prediction, target), 1e-5);
    }

    [Fact]
    public void ClassAxis_OfTheBatchOrBeyond_IsRefused() => Assert.All([0, 3, -3], axis => Assert.Equal(
        $"Accuracy looks for the classes along axis {axis}, but got predictions (1, 3, 3), whose first axis is the batch.",
        Assert.Throws<ArgumentException>(() => Measure(new Accuracy(axis), Tensor.Zeros((1, 3, 3)), Tensor.From([0L, 1, 2], (1, 3)))).Message));

    [Fact]
    public void MetricOfAFunction_IsWeightedByTheBatches()
    {
        var metric = Metric.From("bias", (p, t) => (p - t).Mean().Item(), MonitorMode.Lower);
        metric.Update(Tensor.Ones((3, 1)), Tensor.Zeros((3, 1)));
        metric.Update(Tensor.Zeros((1, 1)), Tensor.Ones((1, 1)));
        Assert.Equal("bias", metric.Name);
        Assert.Equal(0.5, metric.Value, 12);
    }

    [Fact]
    public void MeanSquaredError_FollowsItsFormula() =>
        Assert.Equal(2.5, Measure(new MeanSquaredError(), Tensor.From([1f, 2]), Tensor.From([2f, 4])), 12);

    private static double Measure(Metric metric, Tensor prediction, Tensor target)
    {
        metric.Update(prediction, target);
        return metric.Value;
    }

    private static Tensor OneHot(long[] classes, int count) => Tensor.OneHot(Tensor.From(classes), count);
}
