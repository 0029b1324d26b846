using Glia.Layers;
using Glia.Training.Inspection;

namespace Glia.Training.Tests.Inspection;

public class GradCamTests
{
    private const int Channels = 3;
    private const int Rows = 4;
    private const int Columns = 5;

    /// <summary>A network whose gradients can be written down: convolution, square (as tanh), pooling by a dense layer.</summary>
    private static SequentialNetwork Model() => Network.Input(1, 6, 7)
        .Add(new Conv2D(1, Channels, 3, dtype: DType.Float64), "maps").Tanh(name: "active").Flatten().Add(new Dense(Channels * Rows * Columns, 2, dtype: DType.Float64), "output").Build(seed: 4);

    [Fact]
    public void Map_FollowsItsFormula()
    {
        var model = Model();
        var images = Tensor.Normal(new Rng(2), (2, 1, 6, 7), dtype: DType.Float64);
        int[] classes = [1, 0];
        var map = GradCam.Of(model, images, classes, "active");
        Assert.Equal((2, Rows, Columns), map.Shape);

        // S = Σ w·A, so ∂S/∂A[k, r, c] is the weight of that number; α is its mean over the positions.
        var active = model.ForwardAll(images, ForwardContext.Inference)["active"].ToArray<double>();
        var weight = ((Dense)model.Layers[^1]).Weight.ToArray<double>();
        const int size = Rows * Columns;
        for (var sample = 0; sample < 2; sample++)
        {
            double[] alpha = [.. Enumerable.Range(0, Channels).Select(k => Enumerable.Range(0, size).Average(p => weight[(classes[sample] * Channels * size) + (k * size) + p]))];
            for (var p = 0; p < size; p++)
            {
                var sum = Enumerable.Range(0, Channels).Sum(k => alpha[k] * active[(sample * Channels * size) + (k * size) + p]);
                Assert.Equal(Math.Max(0, sum), map[sample, p / Columns, p % Columns], 12);
            }
        }
        Assert.All(model.Parameters, p => Assert.Null(p.Grad));
    }

    [Fact]
    public void Map_BeforeTheActivation_TakesItsSlopeIn()
    {
        var model = Model();
        var images = Tensor.Normal(new Rng(3), (1, 1, 6, 7), dtype: DType.Float64);
        var map = GradCam.Of(model, images, [1], "maps");
        var maps = model.ForwardAll(images, ForwardContext.Inference)["maps"].ToArray<double>();
        var weight = ((Dense)model.Layers[^1]).Weight.ToArray<double>();
        const int size = Rows * Columns;
        double[] alpha = [.. Enumerable.Range(0, Channels).Select(k => Enumerable.Range(0, size).Average(p =>
            weight[(Channels * size) + (k * size) + p] * (1 - Math.Pow(Math.Tanh(maps[(k * size) + p]), 2))))];
        for (var p = 0; p < size; p++)
            Assert.Equal(Math.Max(0, Enumerable.Range(0, Channels).Sum(k => alpha[k] * maps[(k * size) + p])), map[0, p / Columns, p % Columns], 12);
    }

    [Fact]
    public void Layer_IsTheLastWithFeatureMapsByDefault()
    {
        var model = Model();
        var images = Tensor.Normal(new Rng(2), (1, 1, 6, 7), dtype: DType.Float64);
        Assert.Equal("active", GradCam.LastLayer(model.ForwardAll(images, ForwardContext.Inference)));
        Assert.Equal(GradCam.Of(model, images, [0], "active").ToArray<double>(), GradCam.Of(model, images, [0]).ToArray<double>());
    }

    [Fact]
    public void WhatDoesNotFit_IsRefused()
    {
        var images = Tensor.Normal(new Rng(2), (1, 1, 6, 7), dtype: DType.Float64);
        Assert.Contains("There is no output of a layer 'other'", Assert.Throws<ArgumentException>(() => GradCam.Of(Model(), images, [0], "other")).Message, StringComparison.Ordinal);
        Assert.Contains("The layer 'output' gives (1, 2)", Assert.Throws<ArgumentException>(() => GradCam.Of(Model(), images, [0], "output")).Message, StringComparison.Ordinal);
        Assert.Contains("no layer with feature maps", Assert.Throws<ArgumentException>(() => GradCam.Of(Network.Input(3).Dense(2).Build(), Tensor.Ones((1, 3)), [0])).Message, StringComparison.Ordinal);
    }
}
