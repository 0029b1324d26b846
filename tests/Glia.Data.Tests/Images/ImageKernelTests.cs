using System.Numerics.Tensors;

namespace Glia.Data.Tests.Images;

public class ImageKernelTests
{
    private static float[] Rows(Tensor kernel) => kernel.ToArray<float>();

    [Fact]
    public void NamedKernels_AreThoseOfTheTextbooks()
    {
        Assert.Equal([0f, 0, 0, 0, 1, 0, 0, 0, 0], Rows(ImageKernel.Identity));
        Assert.Equal([0f, 1, 0, 1, -4, 1, 0, 1, 0], Rows(ImageKernel.Laplacian));
        Assert.Equal([0f, -1, 0, -1, 5, -1, 0, -1, 0], Rows(ImageKernel.Sharpen));
        Assert.Equal([-1f, 0, 1, -2, 0, 2, -1, 0, 1], Rows(ImageKernel.SobelX));
        Assert.Equal([-1f, -2, -1, 0, 0, 0, 1, 2, 1], Rows(ImageKernel.SobelY));
        Assert.Equal((3, 3), ImageKernel.Identity.Shape);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void BoxBlur_CountsEveryPixelAlike(int size)
    {
        var kernel = ImageKernel.BoxBlur(size);
        Assert.Equal((size, size), kernel.Shape);
        Assert.All(Rows(kernel), w => Assert.Equal(1f / (size * size), w));
    }

    [Theory]
    [InlineData(0.5, null, 5)]
    [InlineData(1.0, null, 7)]
    [InlineData(2.0, 5, 5)]
    public void GaussianBlur_SumsToOneAndFallsAsTheBellCurve(double sigma, int? size, int expected)
    {
        var kernel = ImageKernel.GaussianBlur(sigma, size);
        Assert.Equal((expected, expected), kernel.Shape);
        Assert.Equal(1, TensorPrimitives.Sum<float>(Rows(kernel)), 1e-5f);
        var middle = expected / 2;
        Assert.Equal(Math.Exp(-1 / (2 * sigma * sigma)), kernel[middle, middle + 1] / kernel[middle, middle], 1e-5);
        Assert.Equal(Math.Exp(-5 / (2 * sigma * sigma)), kernel[middle - 1, middle + 2] / kernel[middle, middle], 1e-5);
    }

    [Fact]
    public void Parse_RowsOfNumbers_GivesTheKernel()
    {
        var kernel = ImageKernel.Parse(" 0,-1, 0.5 ");
        Assert.Equal((1, 3), kernel.Shape);
        Assert.Equal([0f, -1, 0.5f], Rows(kernel));
        Assert.Equal((3, 1), ImageKernel.Parse("1;2;1e-3").Shape);
        Assert.Equal([0f, -1, 0, -1, 5, -1, 0, -1, 0], Rows(ImageKernel.Parse("0,-1,0; -1,5,-1; 0,-1,0")));
    }

    [Theory]
    [InlineData("1,2,3;4,5", "row 2 of the kernel has 2 numbers, but row 1 has 3; rows must be equally long.")]
    [InlineData("1,2,3;4", "row 2 of the kernel has 1 number, but row 1 has 3; rows must be equally long.")]
    [InlineData("1,2,x", "'x' in row 1 of the kernel is no number; numbers are separated by commas and rows by semicolons, such as \"0,-1,0; -1,5,-1; 0,-1,0\".")]
    [InlineData("", "'' in row 1 of the kernel is no number; numbers are separated by commas and rows by semicolons, such as \"0,-1,0; -1,5,-1; 0,-1,0\".")]
    [InlineData("1,nan,1", "'nan' in row 1 of the kernel is no number; numbers are separated by commas and rows by semicolons, such as \"0,-1,0; -1,5,-1; 0,-1,0\".")]
    [InlineData("1,2;3,4", "the kernel has 2×2 numbers, but rows and columns must be odd in number, so that there is a middle; add a row or column of zeros.")]
    public void Parse_NoKernel_SaysWhatIsWrong(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => ImageKernel.Parse(text)).Message);

    [Fact]
    public void Sizes_EvenOrNotPositive_AreRefused()
    {
        const string Message = "A kernel's size must be odd, 1, 3, 5, …, so that it has a middle, but is 4. (Parameter 'size')";
        Assert.Equal(Message, Assert.Throws<ArgumentException>(() => ImageKernel.BoxBlur(4)).Message);
        Assert.Equal(Message, Assert.Throws<ArgumentException>(() => ImageKernel.GaussianBlur(1, 4)).Message);
        Assert.Throws<ArgumentException>(() => ImageKernel.BoxBlur(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageKernel.GaussianBlur(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageKernel.GaussianBlur(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageKernel.GaussianBlur(double.PositiveInfinity));
    }
}
