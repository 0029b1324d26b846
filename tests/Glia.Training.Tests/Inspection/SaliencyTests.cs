using Glia.Layers;
using Glia.Training.Inspection;

namespace Glia.Training.Tests.Inspection;

public class SaliencyTests
{
    private static readonly int[] Classes = [2, 0];

    private static (SequentialNetwork Model, Tensor Images) Example()
    {
        var layers = new Conv2D(2, 3, 3, new() { Padding = 1 }, DType.Float64);
        var output = new Dense(3 * 5 * 4, 3, dtype: DType.Float64);
        var model = Network.Input(2, 5, 4).Add(layers).Tanh().Flatten().Add(output).Build(seed: 3);
        return (model, Tensor.Normal(new Rng(7), (2, 2, 5, 4), dtype: DType.Float64));
    }

    [Fact]
    public void Gradient_EqualsFiniteDifferencesOfTheScore()
    {
        var (model, images) = Example();
        var gradient = Saliency.Of(model, images, Classes);
        Assert.Equal(images.Shape, gradient.Shape);
        const double Step = 1e-5;
        var values = images.ToArray<double>();
        for (var i = 0; i < values.Length; i++)
        {
            var sample = i / (2 * 5 * 4);
            double ScoreAt(double change)
            {
                var moved = (double[])values.Clone();
                moved[i] += change;
                return model.Predict(Tensor.From(moved, images.Shape))[sample, Classes[sample]];
            }
            Assert.Equal((ScoreAt(Step) - ScoreAt(-Step)) / (2 * Step), gradient.ToArray<double>()[i], 7);
        }
        Assert.All(model.Parameters, p => Assert.Null(p.Grad));
    }

    [Fact]
    public void Map_IsTheLargestOfTheChannels()
    {
        var map = Saliency.Map(Tensor.From([1f, -5, 2, 0, -3, 4, 1, 0], (1, 2, 2, 2)));
        Assert.Equal([3f, 5, 2, 0], map.ToArray<float>());
        Assert.Throws<ShapeException>(() => Saliency.Map(Tensor.Ones((2, 3))));
    }

    [Fact]
    public void SmoothGrad_IsTheMeanOverNoisyCopies_AndRepeatsItself()
    {
        var (model, images) = Example();
        Assert.Equal(Saliency.Of(model, images, Classes).ToArray<double>(), Saliency.Smooth(model, images, Classes, copies: 3, noise: 0).ToArray<double>(), new Near(1e-12));
        var smooth = Saliency.Smooth(model, images, Classes, copies: 4, noise: 0.2, seed: 5);
        Assert.Equal(smooth.ToArray<double>(), Saliency.Smooth(model, images, Classes, copies: 4, noise: 0.2, seed: 5).ToArray<double>());
        // A linear model has one gradient everywhere, so noise changes nothing; this one is not linear.
        Assert.NotEqual(smooth.ToArray<double>(), Saliency.Of(model, images, Classes).ToArray<double>(), new Near(1e-6));
        Assert.NotEqual(smooth.ToArray<double>(), Saliency.Smooth(model, images, Classes, copies: 4, noise: 0.2, seed: 6).ToArray<double>(), new Near(1e-6));
    }

    [Fact]
    public void OneOutput_CountsForClassOneAndAgainstClassZero()
    {
        var model = Network.Input(2).Dense(1).Build(seed: 1);
        var weight = ((Dense)model.Layers[0]).Weight.ToArray<float>();
        var gradient = Saliency.Of(model, Tensor.Ones((2, 2)), [1, 0]).ToArray<float>();
        Assert.Equal([weight[0], weight[1], -weight[0], -weight[1]], gradient);
    }

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        var model = Network.Input(2).Dense(3).Build(seed: 1);
        Assert.Contains("There are 2 samples but 1 classes", Assert.Throws<ArgumentException>(() => Saliency.Of(model, Tensor.Ones((2, 2)), [0])).Message, StringComparison.Ordinal);
        Assert.Contains("from 0 to 2, but got 3", Assert.Throws<ArgumentException>(() => Saliency.Of(model, Tensor.Ones((1, 2)), [3])).Message, StringComparison.Ordinal);
        using (Gradients.NoGrad())
            Assert.Throws<InvalidOperationException>(() => Saliency.Of(model, Tensor.Ones((1, 2)), [0]));
        Assert.Throws<ShapeException>(() => Saliency.Of(Network.Input(3, 2).Dense(2).Build(seed: 1), Tensor.Ones((1, 3, 2)), [0]));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
