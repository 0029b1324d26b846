using Glia.Layers;

namespace Glia.Tests.Layers;

/// <summary>What makes a convolution a convolution, and how its shapes are computed.</summary>
public class ConvolutionPropertyTests
{
    private const int Size = 9;

    private static Tensor Image(ulong seed, int channels = 2) => Numbers.Normal((1, channels, Size, Size), seed);

    /// <summary>Moves an image by some rows and columns, with zeros coming in.</summary>
    private static Tensor Shift(Tensor x, int rows, int columns) => x
        .Pad(2, Math.Max(rows, 0), Math.Max(-rows, 0)).Slice(2, Math.Max(-rows, 0), x.Shape[2])
        .Pad(3, Math.Max(columns, 0), Math.Max(-columns, 0)).Slice(3, Math.Max(-columns, 0), x.Shape[3]);

    [Fact]
    public void ConvolutionShapes_EverySetting_FollowTheFormula()
    {
        foreach (var (size, kernel, stride, padding, dilation) in
            from size in Enumerable.Range(1, 9)
            from kernel in Enumerable.Range(1, 4)
            from stride in Enumerable.Range(1, 3)
            from padding in Enumerable.Range(0, 3)
            from dilation in Enumerable.Range(1, 2)
            select (size, kernel, stride, padding, dilation))
        {
            var layer = new Conv1D(1, 1, kernel, new() { Stride = stride, Padding = padding, Dilation = dilation });
            var expected = (int)Math.Floor((size + (2 * padding) - (dilation * (kernel - 1)) - 1) / (double)stride) + 1;
            if (expected < 1)
            {
                Assert.Throws<ShapeException>(() => layer.OutputShape((1, size)));
                continue;
            }
            Assert.Equal((1, expected), layer.OutputShape((1, size)));
            Assert.Equal((1, 1, expected), layer.Forward(Tensor.Zeros((1, 1, size))).Shape);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void PaddingOfHalfTheKernel_StrideOne_KeepsTheSizeAsSameDoes(int kernel)
    {
        Shape image = (1, 10, 11);
        Assert.Equal(image, new Conv2D(1, 1, kernel, new() { Padding = (kernel - 1) / 2 }).OutputShape(image));
        Assert.Equal(image, new Conv2D(1, 1, kernel, new() { Padding = Padding.Same }).OutputShape(image));
        Assert.Equal((1, 11 - kernel, 12 - kernel), new Conv2D(1, 1, kernel, new() { Padding = Padding.Valid }).OutputShape(image));
    }

    [Fact]
    public void SamePadding_AnyStrideAndKernel_GivesSizeOverStrideRoundedUp()
    {
        for (var size = 1; size < 12; size++)
        {
            for (var stride = 1; stride < 4; stride++)
            {
                for (var kernel = 1; kernel < 6; kernel++)
                    Assert.Equal((1, (size + stride - 1) / stride), new Conv1D(1, 1, kernel, new() { Padding = Padding.Same, Stride = stride }).OutputShape((1, size)));
            }
        }
    }

    [Fact]
    public void TransposedConvolution_EverySetting_HasTheShapeOfTheInputItIsTheGradientOf()
    {
        foreach (var (size, kernel, stride, padding) in
            from size in Enumerable.Range(3, 6)
            from kernel in Enumerable.Range(1, 3)
            from stride in Enumerable.Range(1, 3)
            from padding in Enumerable.Range(0, 2)
            select (size, kernel, stride, padding))
        {
            var options = new Conv1DOptions { Stride = stride, Padding = padding };
            var smaller = new Conv1D(1, 1, kernel, options).OutputShape((1, size));
            var rest = (size + (2 * padding) - kernel) % stride;
            Assert.Equal((1, size), new ConvTranspose1D(1, 1, kernel, options, outputPadding: rest).OutputShape(smaller));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void PoolingShapes_DivideAndRoundDown_GlobalGivesOne(int window)
    {
        Shape image = (3, 11, 10);
        Shape pooled = (3, 11 / window, 10 / window);
        Assert.Equal(pooled, new MaxPool2D(window).OutputShape(image));
        Assert.Equal(pooled, new AvgPool2D(window).OutputShape(image));
        Assert.Equal((3, 1, 1), new GlobalMaxPool2D().OutputShape(image));
        Assert.Equal((3, 1, 1), new GlobalAvgPool2D().OutputShape(image));
    }

    [Fact]
    public void WeightSharing_ParametersDoNotDependOnTheImage()
    {
        static long Count(int size) => Network.Input(3, size, size).Conv2D(8, 3).Build().ParameterCount;
        Assert.Equal((3 * 8 * 3 * 3) + 8, Count(8));
        Assert.Equal(Count(8), Count(80));
    }

    [Fact]
    public void WeightSharing_TheWeightsGradientIsTheSumOverAllPositions()
    {
        var layer = new Conv2D(1, 1, 2, new() { UseBias = false }, DType.Float64);
        var x = Image(1, channels: 1);
        layer.Forward(x).Sum().Backward();
        var corner = x.Slice(2, 1, Size - 1).Slice(3, 0, Size - 1).Sum().Item();
        Assert.Equal(corner, layer.Weight.Grad![0, 0, 1, 0], 1e-10);
    }

    [Fact]
    public void LocalConnectivity_AnOutputSeesItsWindowOnly()
    {
        var layer = new Conv2D(2, 1, 3, dtype: DType.Float64);
        var x = Image(2);
        x.RequiresGrad = true;
        layer.Forward(x).Slice(2, 4, 1).Slice(3, 2, 1).Sum().Backward();
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
                Assert.Equal(row is >= 4 and < 7 && column is >= 2 and < 5, x.Grad![0, 1, row, column] != 0);
        }
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, -2)]
    [InlineData(2, 1)]
    public void TranslationEquivariance_AMovedImageGivesTheMovedMap(int rows, int columns)
    {
        var layer = new Conv2D(2, 3, 3, new() { Padding = Padding.Same, UseBias = false }, DType.Float64);
        // Nothing may leave the image, nor may its edge be seen.
        var x = new ZeroPad2D(4).Forward(Image(3));
        Numbers.Close(Shift(layer.Forward(x), rows, columns), layer.Forward(Shift(x, rows, columns)), 1e-12, 1e-12);
    }

    [Fact]
    public void Stride_AMoveByTheStride_MovesTheMapByOne()
    {
        var layer = new Conv2D(2, 3, 3, new() { Padding = 1, Stride = 2, UseBias = false }, DType.Float64);
        var x = new ZeroPad2D(4).Forward(Image(4));
        Numbers.Close(Shift(layer.Forward(x), 1, 0), layer.Forward(Shift(x, 2, 0)), 1e-12, 1e-12);
    }

    [Fact]
    public void MaxPooling_AMoveWithinTheWindow_ChangesNothing()
    {
        // One bright pixel at the upper left of a window of 3×3: it may move by up to two pixels each way.
        var x = Tensor.Zeros((1, 1, Size, Size), DType.Float64);
        x.SetFlat((3 * Size) + 3, 1);
        var pool = new MaxPool2D(3);
        var expected = pool.Forward(x);
        Assert.Equal(1, expected[0, 0, 1, 1]);
        for (var rows = 0; rows < 3; rows++)
        {
            for (var columns = 0; columns < 3; columns++)
                Numbers.SameBits(expected, pool.Forward(Shift(x, rows, columns)));
        }
        Assert.Equal(0, pool.Forward(Shift(x, 3, 0))[0, 0, 1, 1]);
    }

    [Fact]
    public void GlobalPooling_AnyMoveInsideTheImage_ChangesNothing()
    {
        var x = new ZeroPad2D(3).Forward(Image(5));
        foreach (var pool in new Layer[] { new GlobalMaxPool2D(), new GlobalAvgPool2D() })
            Numbers.Close(pool.Forward(x), pool.Forward(Shift(x, -3, 2)), 1e-12, 1e-12);
    }

    [Fact]
    public void MaxPooling_AMoveOfNoiseByOnePixel_ChangesEveryInputButAboutHalfOfTheOutputs()
    {
        // The largest of 3×3 stays the largest if it is among the 6 of 12 numbers that windows before and after have in common.
        var wide = Numbers.Normal((1, 1, 90, 91), seed: 8);
        var (x, moved) = (wide.Slice(3, 0, 90), wide.Slice(3, 1, 90));
        var pool = new MaxPool2D(3);
        Assert.Equal(1, Changed(x, moved));
        Assert.Equal(0.5, Changed(pool.Forward(x), pool.Forward(moved)), 0.05);

        static double Changed(Tensor a, Tensor b) => a.ToDoubles().Zip(b.ToDoubles(), (p, q) => p == q ? 0.0 : 1).Average();
    }

    [Fact]
    public void Refusal_OfADilatedKernel_SaysHowFarItReaches()
    {
        var conv = new Conv2D(1, 1, 3, new() { Dilation = (4, 1) });
        Assert.Equal(
            "Conv2D expects an image at least as large as its 3×3 kernel, which dilation makes 9×3 but got input (1, 8, 8) with padding 0. Use a smaller kernel, more padding, or fewer pooling layers before it.",
            Assert.Throws<ShapeException>(() => conv.OutputShape((1, 8, 8))).Message);
        Assert.Equal((1, 1, 6), conv.OutputShape((1, 9, 8)));
        Assert.Equal(
            "MaxPool1D expects a sequence at least as large as its 3 window, which dilation makes 7 but got input (1, 6). Use a smaller window, or fewer pooling layers before it.",
            Assert.Throws<ShapeException>(() => new MaxPool1D(3, dilation: 3).OutputShape((1, 6))).Message);
    }

    [Fact]
    public void Depthwise_EqualsConvolutionsOfSingleChannels()
    {
        var layer = new DepthwiseConv2D(2, 3, depthMultiplier: 2, dtype: DType.Float64);
        var x = Image(6);
        var parts = Enumerable.Range(0, 4).Select(j => Tensor.Conv2D(x.Slice(1, j / 2, 1), layer.Weight.Slice(0, j, 1)));
        Numbers.Close(Tensor.Concat(1, [.. parts]), layer.Forward(x), 1e-12, 1e-12);
    }

    [Fact]
    public void PaddingBySides_EqualsZerosPutAroundFirst()
    {
        var sides = Padding.Sides((2, 0), (1, 3));
        var layer = new Conv2D(2, 2, 3, new() { Padding = sides }, DType.Float64);
        var plain = new Conv2D(2, 2, 3, dtype: DType.Float64);
        plain.LoadStateDict(layer.StateDict());
        Numbers.Close(plain.Forward(new ZeroPad2D(sides).Forward(Image(7))), layer.Forward(Image(7)), 1e-12, 1e-12);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1×2")]
    [InlineData("(1, 0)×(2, 3)")]
    [InlineData("same")]
    public void Padding_AsText(string text) => Assert.Contains(
        text, new[] { default, (1, 2), Padding.Sides((1, 0), (2, 3)), Padding.Same }.Select((Padding p) => p.ToString()));
}
