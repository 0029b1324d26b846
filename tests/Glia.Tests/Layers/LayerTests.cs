using Glia.Layers;

namespace Glia.Tests.Layers;

/// <summary>What particular layers compute, beyond the harness.</summary>
public class LayerTests
{
    [Fact]
    public void Dense_TransposedWeights_ByHand()
    {
        var layer = new Dense(2, 3);
        layer.Weight.CopyFrom(Tensor.From(new[,] { { 1f, 2 }, { 3, 4 }, { 5, 6 } }));
        layer.Bias!.CopyFrom(Tensor.From([10f, 20, 30]));
        Assert.Equal([10 - 1, 20 - 1, 30 - 1], layer.Forward(Tensor.From(new[,] { { 1f, -1 } })).ToDoubles());
    }

    [Fact]
    public void Dense_ImageGiven_AsksForFlatten() => Assert.Equal(
        "Dense expects last dimension 12 but got input (2, 3, 4). Did you forget Flatten()?",
        Assert.Throws<ShapeException>(() => new Dense(12, 2).Forward(Tensor.Zeros((2, 3, 4)))).Message);

    [Fact]
    public void BatchNorm_Training_BlendsUnbiasedStatisticsAndInferenceUsesThem()
    {
        var layer = new BatchNorm(1, decay: 0.9, epsilon: 1e-5);
        var x = Tensor.From([1f, 2, 3, 6], (4, 1));
        var y = layer.Forward(x, ForwardContext.Training(new Rng(1))).ToDoubles();
        Assert.Equal(-2 / Math.Sqrt(3.5 + 1e-5), y[0], 1e-5);
        Assert.Equal(0.3, layer.RunningMean.Item(), 1e-6);
        Assert.Equal(0.9 + (0.1 * 14 / 3), layer.RunningVariance.Item(), 1e-6);
        Assert.Equal((1 - 0.3) / Math.Sqrt(0.9 + (1.4 / 3) + 1e-5), layer.Forward(x)[0, 0], 1e-5);
    }

    [Fact]
    public void BatchNorm_OneValuePerChannel_Refused() => Assert.Equal(
        "BatchNorm needs more than one value per channel in training but got input (1, 3). Use a larger batch, or drop the last partial one.",
        Assert.Throws<ArgumentException>(() => new BatchNorm(3).Forward(Tensor.Zeros((1, 3)), ForwardContext.Training(new Rng(1)))).Message);

    [Fact]
    public void Dropout_Training_DropsItsShareAndKeepsTheMean()
    {
        var layer = new Dropout(0.3);
        var x = Tensor.Ones((100, 1000));
        var y = layer.Forward(x, ForwardContext.Training(new Rng(1))).ToDoubles();
        Assert.InRange(y.Count(v => v == 0) / 1e5, 0.295, 0.305);
        Assert.All(y, v => Assert.True(v == 0 || Math.Abs(v - (1 / 0.7)) < 1e-6));
        Assert.Same(x, layer.Forward(x));
    }

    [Fact]
    public void Embedding_PaddingRow_StartsAtZeroAndGetsNoGradient()
    {
        var layer = new Embedding(3, 2, paddingIndex: 1);
        var y = layer.Forward(Tensor.From([1L, 2, 1, 2], (2, 2)));
        Assert.Equal([0, 0], y.ToDoubles()[..2]);
        y.Sum().Backward();
        Assert.Equal([0, 0, 0, 0, 2, 2], layer.Weight.Grad!.ToDoubles());
    }

    [Fact]
    public void SpatialDropout_Training_DropsWholeChannels()
    {
        var y = new SpatialDropout(0.3).Forward(Tensor.Ones((100, 200, 2, 3)), ForwardContext.Training(new Rng(1)));
        var (least, most) = (y.Min([2, 3]).ToDoubles(), y.Max([2, 3]).ToDoubles());
        Assert.Equal(least, most);
        Assert.InRange(most.Count(v => v == 0) / 2e4, 0.28, 0.32);
    }

    [Fact]
    public void LayerNorm_LargeMean_LosesNoPrecision()
    {
        var x = Tensor.From([1e6f, 1e6f + 1, 1e6f + 2, 1e6f + 3], (1, 4));
        var expected = new[] { -1.5, -0.5, 0.5, 1.5 }.Select(v => v / Math.Sqrt(1.25 + 1e-5)).ToArray();
        foreach (var (e, a) in expected.Zip(new LayerNorm(4).Forward(x).ToDoubles()))
            Assert.Equal(e, a, 1e-6);
    }

    [Fact]
    public void Dropout_OtherStepOrLayer_OtherMask()
    {
        var model = Network.Input(100).Dropout(0.5).Dropout(0.5).Build();
        static double[] Mask(Layer layer, ulong step) => layer.Forward(Tensor.Ones((1, 100)), ForwardContext.Training(new Rng(1).Split(step))).ToDoubles();
        Assert.NotEqual(Mask(model.Layers[0], 1), Mask(model.Layers[0], 2));
        Assert.NotEqual(Mask(model.Layers[0], 1), Mask(model.Layers[1], 1));
        Assert.Equal(Mask(model.Layers[0], 1), Mask(model.Layers[0], 1));
    }

    [Fact]
    public void UpSample2D_Bilinear_ByHand()
    {
        var y = new UpSample2D((1, 2), Interpolation.Bilinear).Forward(Tensor.From([1f, 5, 9], (1, 1, 1, 3)));
        Assert.Equal([1, 2, 4, 6, 8, 9], y.ToDoubles());
    }

    [Fact]
    public void UpSample2D_BilinearOfOnePixel_RepeatsIt() =>
        Assert.Equal([3, 3, 3, 3], new UpSample2D(2, Interpolation.Bilinear).Forward(Tensor.Full((1, 1, 1, 1), 3)).ToDoubles());

    [Fact]
    public void ZeroPad2DThenCrop2D_BySides_GivesTheImageBack()
    {
        var sides = Padding.Sides((1, 0), (3, 2));
        var x = Tensor.From([1f, 2, 3, 4], (1, 1, 2, 2));
        var padded = new ZeroPad2D(sides).Forward(x);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 3, 4, 0, 0], padded.ToDoubles());
        Numbers.SameBits(x, new Crop2D(sides).Forward(padded));
    }

    [Fact]
    public void GlobalMaxPool2D_EqualElements_GradientGoesToTheFirst()
    {
        var x = Tensor.From([1f, 4, 4, 2], (1, 1, 2, 2));
        x.RequiresGrad = true;
        new GlobalMaxPool2D().Forward(x).Sum().Backward();
        Assert.Equal([0, 1, 0, 0], x.Grad!.ToDoubles());
    }

    public static TheoryData<Func<object>> BadSettings =>
    [
        () => new Dense(0, 1),
        () => new Dense(1, -1),
        () => new Conv2D(0, 1, 3),
        () => new Conv2D(1, 1, (3, 0)),
        () => new Conv2D(3, 4, 3, new() { Groups = 2 }),
        () => new Conv2D(1, 1, 3, new() { Stride = 0 }),
        () => new Conv2D(1, 1, 3, new() { Padding = (-1, 0) }),
        () => new Conv2D(1, 1, 3, new() { Padding = (1, 1, 1) }),
        () => new Conv1D(1, 1, 3, new() { Padding = (1, 1) }),
        () => new Conv3D(1, 1, (3, 0, 3)),
        () => new Conv1D(1, 1, 3, new() { Groups = 0 }),
        () => Padding.Sides(),
        () => Padding.Sides((0, -1)),
        () => new ConvTranspose2D(1, 1, 3, new() { Padding = Padding.Same }),
        () => new ConvTranspose2D(1, 1, 3, new() { Stride = 2 }, outputPadding: 2),
        () => new ConvTranspose1D(1, 1, 3, outputPadding: -1),
        () => new DepthwiseConv2D(2, 3, depthMultiplier: 0),
        () => new SeparableConv2D(2, 0, 3),
        () => new MaxPool3D(2, padding: (0, 0, 2)),
        () => new MaxPool2D(2, dilation: 0),
        () => new MaxPool2D(0),
        () => new MaxPool2D(2, stride: 0),
        () => new MaxPool2D(2, padding: 2),
        () => new AvgPool2D(3, padding: -1),
        () => new AdaptiveAvgPool2D((0, 1)),
        () => new AdaptiveMaxPool1D(-1),
        () => new UpSample2D(0),
        () => new UpSample2D(2, (Interpolation)7),
        () => new ZeroPad2D(Padding.Same),
        () => new Crop2D((1, 1, 1)),
        () => new Dropout(1),
        () => new Dropout(double.NaN),
        () => new Embedding(0, 2),
        () => new Embedding(2, 2, paddingIndex: 2),
        () => new Embedding(2, 2).Forward(Tensor.From([2L])),
        () => new Embedding(2, 2).Forward(Tensor.From([1f])),
        () => new SpatialDropout(-0.1),
        () => new LayerNorm(Shape.Scalar),
        () => new LayerNorm((2, 0)),
        () => new LayerNorm(2, epsilon: 0),
        () => new GroupNorm(2, 3),
        () => new GroupNorm(0, 3),
        () => new InstanceNorm(0),
        () => new BatchNorm(0),
        () => new BatchNorm(2, decay: 1.5),
        () => new BatchNorm(2, decay: double.NaN),
        () => new BatchNorm(2, epsilon: 0),
    ];

    [Theory]
    [MemberData(nameof(BadSettings))]
    public void SettingsOutOfRange_Refused(Func<object> action) => Assert.ThrowsAny<ArgumentException>(action);
}
