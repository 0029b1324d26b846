namespace Glia.Data.Tests.Images;

public class ImageFilterTests
{
    private static readonly PadMode[] Edges = [PadMode.Constant, PadMode.Reflect, PadMode.Replicate];

    private static Tensor Photo(int channels = 3) => Tensor.Uniform(new Rng(seed: 1), (channels, 9, 11));

    [Fact]
    public void Identity_AnyEdge_GivesTheSameBits()
    {
        foreach (var edge in Edges)
            Assert.Equal(Photo().ToArray<float>(), Photo().Filter(ImageKernel.Identity, edge).ToArray<float>());
    }

    [Fact]
    public void Filter_IsTheSumOfTheTaughtFormula()
    {
        var image = Photo();
        var kernel = Tensor.Uniform(new Rng(seed: 2), (3, 5), -1, 1);
        var result = image.Filter(kernel);
        Assert.Equal(image.Shape, result.Shape);
        for (var c = 0; c < 3; c++)
        {
            for (var y = 0; y < 9; y++)
            {
                for (var x = 0; x < 11; x++)
                {
                    var sum = 0.0;
                    for (var i = -1; i <= 1; i++)
                    {
                        for (var j = -2; j <= 2; j++)
                            sum += image[c, Math.Clamp(y + i, 0, 8), Math.Clamp(x + j, 0, 10)] * kernel[i + 1, j + 2];
                    }
                    Assert.Equal(sum, result[c, y, x], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void Sobel_OfARamp_IsEightTimesItsSlope()
    {
        // Brightness rises by 0.5 a column and falls by 1 a row; inside, the edge plays no part.
        var image = Tensor.From([.. Enumerable.Range(0, 25).Select(p => (0.5f * (p % 5)) - (p / 5))], (1, 5, 5));
        Assert.Equal(4, image.Filter(ImageKernel.SobelX)[0, 2, 2], 1e-6);
        Assert.Equal(-8, image.Filter(ImageKernel.SobelY)[0, 2, 2], 1e-6);
        Assert.Equal(Math.Sqrt(80), image.Sobel()[0, 2, 2], 1e-5);
        Assert.Equal(0, image.Filter(ImageKernel.Laplacian)[0, 2, 2], 1e-6);
        // At the left edge, repeated, the difference spans one column instead of two.
        Assert.Equal(2, image.Filter(ImageKernel.SobelX)[0, 2, 0], 1e-6);
        Assert.Equal(0, image.Filter(ImageKernel.SobelX, PadMode.Reflect)[0, 2, 0], 1e-6);
    }

    [Fact]
    public void PointOfLight_ShowsTheKernelTurnedAround()
    {
        // Cross-correlation: the pixel above the light sees it through the kernel's lower row.
        var image = Tensor.Zeros((3, 3));
        image.AsWritableSpan<float>()[4] = 1;
        Assert.Equal([9f, 8, 7, 6, 5, 4, 3, 2, 1], image.Filter(ImageKernel.Parse("1,2,3;4,5,6;7,8,9")).ToArray<float>());
        Assert.Equal([0f, 1, 0, 1, -4, 1, 0, 1, 0], image.Filter(ImageKernel.Laplacian).ToArray<float>());
        Assert.Equal([0f, -1, 0, -1, 5, -1, 0, -1, 0], image.Filter(ImageKernel.Sharpen).ToArray<float>());
    }

    [Fact]
    public void Blur_OfAPictureWhoseBorderIsWide_KeepsTheMean()
    {
        // What leaves a pixel arrives at its neighbours, as long as nothing bright is at the edge.
        var image = Photo().Pad(1, 8, 8).Pad(2, 8, 8);
        foreach (var kernel in new[] { ImageKernel.BoxBlur(5), ImageKernel.GaussianBlur(2) })
        {
            var blurred = image.Filter(kernel);
            Assert.Equal(image.Mean().Item(), blurred.Mean().Item(), 1e-6);
            Assert.True(blurred.Square().Mean().Item() < 0.8 * image.Square().Mean().Item());
        }
    }

    [Fact]
    public void Edges_OfAnEvenPicture()
    {
        var white = Tensor.Ones((1, 4, 4));
        Assert.All(white.Filter(ImageKernel.BoxBlur()).ToArray<float>(), v => Assert.Equal(1, v, 1e-6f));
        Assert.All(white.Filter(ImageKernel.BoxBlur(), PadMode.Reflect).ToArray<float>(), v => Assert.Equal(1, v, 1e-6f));
        var dark = white.Filter(ImageKernel.BoxBlur(), PadMode.Constant);
        Assert.Equal(4 / 9.0, dark[0, 0, 0], 1e-6);
        Assert.Equal(6 / 9.0, dark[0, 0, 1], 1e-6);
        Assert.Equal(1, dark[0, 1, 1], 1e-6);
    }

    [Fact]
    public void Filter_BatchesAndPlanesAndDoubles_KeepTheirShapeAndType()
    {
        Assert.Equal((2, 3, 9, 11), Tensor.Zeros((2, 3, 9, 11)).Filter(ImageKernel.Sharpen).Shape);
        Assert.Equal((9, 11), Tensor.Zeros((9, 11)).Filter(ImageKernel.Sharpen).Shape);
        Assert.Equal(DType.Float64, Tensor.Zeros((1, 9, 11), DType.Float64).Filter(ImageKernel.Sharpen).DType);
        Assert.Equal((1, 1, 1), Tensor.Ones((1, 1, 1)).Filter(ImageKernel.GaussianBlur(3)).Shape);
    }

    [Fact]
    public void Filter_WrongShapes_AreRefused()
    {
        Assert.Equal(
            "Filter expects a kernel (rows, columns), both odd, so that it has a middle, but got (2, 3). Put a row or column of zeros at its end.",
            Assert.Throws<ShapeException>(() => Photo().Filter(Tensor.Ones((2, 3)))).Message);
        Assert.Equal("Filter expects an image (…, rows, columns) but got (4,).", Assert.Throws<ShapeException>(() => Tensor.Ones(4).Filter(ImageKernel.Identity)).Message);
        Assert.Throws<ArgumentException>(() => Tensor.Ones((1, 1, 1)).Filter(ImageKernel.Identity, PadMode.Reflect));
    }
}
