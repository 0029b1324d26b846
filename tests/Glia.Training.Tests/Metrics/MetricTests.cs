namespace Glia.Training.Tests;

public class MetricTests
{
    [Fact]
    public void Accuracy_CountsTheLargestOutput()
    {
        var metric = new Accuracy();
        metric.Update(Tensor.From(new float[,] { { 1, 2 }, { 5, 1 }, { 0, 3 } }), Tensor.From(new long[] { 1, 1, 1 }));
        Assert.Equal(2 / 3.0, metric.Value, 12);
    }

    [Fact]
    public void Accuracy_TakesALogitAboveZeroAsClassOne()
    {
        var metric = new Accuracy();
        metric.Update(Tensor.From(new float[] { 0.2f, -3, 4 }, (3, 1)), Tensor.From(new float[] { 1, 0, 0 }, (3, 1)));
        Assert.Equal(2 / 3.0, metric.Value, 12);
    }

    [Fact]
    public void Accuracy_GathersOverBatches_AndResets()
    {
        var metric = new Accuracy();
        Assert.Equal(double.NaN, metric.Value);
        metric.Update(Tensor.From(new float[,] { { 1, 2 } }), Tensor.From(new long[] { 1 }));
        metric.Update(Tensor.From(new float[,] { { 1, 2 }, { 3, 1 }, { 1, 4 } }), Tensor.From(new long[] { 0, 1, 0 }));
        Assert.Equal(0.25, metric.Value, 12);
        metric.Reset();
        Assert.Equal(double.NaN, metric.Value);
    }

    [Fact]
    public void RegressionMetrics_FollowTheirFormulas()
    {
        RegressionMetric[] metrics = [new RootMeanSquaredError(), new MeanAbsoluteError(), new RSquared()];
        foreach (var metric in metrics)
        {
            metric.Update(Tensor.From(new float[] { 1, 2 }), Tensor.From(new float[] { 2, 4 }));
            metric.Update(Tensor.From(new float[] { 6 }), Tensor.From(new float[] { 6 }));
        }
        Assert.Equal(Math.Sqrt(5 / 3.0), metrics[0].Value, 12);
        Assert.Equal(1, metrics[1].Value, 12);
        Assert.Equal(1 - (5 / 8.0), metrics[2].Value, 12);
    }

    [Fact]
    public void RSquared_OfAConstantTarget_IsUndefined()
    {
        var metric = new RSquared();
        metric.Update(Tensor.From(new float[] { 1, 2 }), Tensor.From(new float[] { 3, 3 }));
        Assert.Equal(double.NaN, metric.Value);
    }

    [Fact]
    public void RSquared_IsExactForALargeOffset()
    {
        var metric = new RSquared();
        metric.Update(Tensor.From(new double[] { 1e8 + 1, 1e8 + 2, 1e8 + 4 }), Tensor.From(new double[] { 1e8 + 1, 1e8 + 2, 1e8 + 3 }));
        Assert.Equal(0.5, metric.Value, 9);
    }

    [Fact]
    public void ConfusionMatrix_GivesPrecisionRecallAndF1()
    {
        var confusion = new ConfusionMatrix(3);
        (int Actual, int Predicted)[] samples = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (2, 2)];
        foreach (var (actual, predicted) in samples)
            confusion.Add(actual, predicted);

        Assert.Equal(6, confusion.Total);
        Assert.Equal(4 / 6.0, confusion.Accuracy, 12);
        Assert.Equal(2 / 3.0, confusion.Precision(0), 12);
        Assert.Equal(2 / 3.0, confusion.Recall(0), 12);
        Assert.Equal(0.5, confusion.F1(1), 12);
        Assert.Equal(1, confusion.F1(2), 12);
        Assert.Equal((2 / 3.0 + 0.5 + 1) / 3, confusion.MacroF1, 12);
        Assert.Equal(3, confusion.Support(0));
    }

    [Fact]
    public void ConfusionMatrix_OfAClassNeverPredicted_HasPrecisionZero()
    {
        var confusion = new ConfusionMatrix(2);
        confusion.Add(1, 0);
        Assert.Equal(0, confusion.Precision(1));
        Assert.Equal(0, confusion.F1(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => confusion.Add(2, 0));
    }
}
