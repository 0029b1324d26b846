using Glia.Layers;

namespace Glia.Tests.Layers;

public class NormalizationTests
{
    private static readonly Tensor Table = Tensor.From(new float[,] { { 1, 10, 7 }, { 3, 30, 7 } });

    [Fact]
    public void Fit_Features_StandardisesEachColumn_AndLeavesConstantOnesAtZero()
    {
        var layer = Normalization.Fit(Table);
        Assert.Equal([2, 20, 7], layer.Mean.ToDoubles());
        Assert.Equal([1, 10, 1], layer.Std.ToDoubles());
        Assert.Equal([-1, -1, 0, 1, 1, 0], layer.Forward(Table).ToDoubles());
        Assert.Equal(Table.ToDoubles(), Normalization.Fit(Table, isInverse: true).Forward(layer.Forward(Table)).ToDoubles());
    }

    [Fact]
    public void Fit_Channels_OfImages()
    {
        var images = Tensor.From([1f, 3, 5, 5, 1, 3, 15, 25], (2, 2, 1, 2));
        var layer = Normalization.Fit(images, axis: 1);
        Assert.Equal((2, 1, 1), layer.Mean.Shape);
        Assert.Equal([2, 12.5], layer.Mean.ToDoubles());
        Assert.Equal([-1, 1], layer.Forward(images).ToDoubles()[..2]);
    }

    [Fact]
    public void Fit_LargeMean_LosesNoPrecision() =>
        Assert.Equal(Math.Sqrt(1.25), Normalization.Fit(Tensor.From([1e6f, 1e6f + 1, 1e6f + 2, 1e6f + 3], (4, 1))).Std.Item(), 1e-6);

    [Fact]
    public void Constructor_ImpossibleNumbers_Refused()
    {
        string Message(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
        Assert.Equal("Normalization expects mean and std of one shape but got (2,) and (3,).", Message(() => new Normalization(Tensor.Zeros(2), Tensor.Ones(3))));
        Assert.Equal("Normalization expects finite numbers, and deviations above 0, but number 1 has mean 0 and std 0.", Message(() => new Normalization(Tensor.Zeros(2), Tensor.From([1f, 0]))));
        Assert.Equal("Normalization expects mean and std of one type, Float32 or Float64, but got Float32 and Int64.", Message(() => new Normalization(Tensor.Zeros(2), Tensor.Ones(2, DType.Int64))));
        Assert.Equal("Normalization expects samples (count, …) and one of their axes from 1 but got (3,) and axis -1. Reshape plain numbers to (count, 1).", Message(() => Normalization.Fit(Tensor.Zeros(3))));
        Assert.Equal("Normalization 'normalization1' expects samples to which (2,) repeats but got (3,).", Message(() => Network.Input(3).Normalize(Tensor.Zeros(2), Tensor.Ones(2))));
    }

    [Fact]
    public void Regression_AnswersInTheTargetsUnitsAndRange()
    {
        var targets = Tensor.From([100f, 300, 500], (3, 1));
        var x = Tensor.Normal(new Rng(1), (50, 4), std: 30);
        double[] Predict(RegressionRange range) => Network.Input(4).Regression(targets, range).Build(1).Predict(x).ToDoubles();
        Assert.All(Predict(RegressionRange.Positive), y => Assert.True(y >= 0));
        Assert.All(Predict(RegressionRange.Bounded), y => Assert.InRange(y, 100, 500));
        Assert.Contains(Predict(RegressionRange.Any), y => y < 0);

        Assert.Equal(
            "A regression of positive numbers expects targets above 0, but the smallest is 0. Use RegressionRange.Any.",
            Assert.Throws<ArgumentException>(() => Network.Input(4).Regression(Tensor.Zeros((3, 1)), RegressionRange.Positive)).Message);
        Assert.Equal(
            "Regression expects targets (count, outputs) but got (3,). Reshape plain numbers to (count, 1).",
            Assert.Throws<ShapeException>(() => Network.Input(4).Regression(Tensor.Ones(3))).Message);
    }

    [Fact]
    public void Standardized_IsTheLossOfStandardisedNumbers()
    {
        var model = Network.Input(4).Regression(Tensor.From([100f, 300, 500], (3, 1))).Build(1);
        var variance = (4e4 + 4e4) / 3;
        var loss = Loss.MeanSquaredError.Standardized(model);
        var (prediction, target) = (Tensor.From([150f, 300], (2, 1)), Tensor.From([100f, 400], (2, 1)));
        Assert.Equal(6250 / variance, loss.Compute(prediction, target).Item(), 1e-6);
        Assert.Equal(2500 / variance, loss.Compute(prediction, target, Tensor.From([1f, 0])).Item(), 1e-6);
        Assert.Equal(
            "Standardized expects a model that ends in Denormalize or Regression, but it ends in Dense 'dense1'. Add Denormalize(targets).",
            Assert.Throws<ArgumentException>(() => Loss.MeanSquaredError.Standardized(Network.Input(1).Dense(1).Build())).Message);
    }
}
