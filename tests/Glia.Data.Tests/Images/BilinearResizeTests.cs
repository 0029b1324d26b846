namespace Glia.Data.Tests.Images;

public class BilinearResizeTests
{
    [Fact]
    public void Run_SameSize_OnlyScales()
    {
        Assert.Equal([0, 0.2f, 1, 0.4f], Resize([0, 51, 255, 102], 2, 2, 2, 2));
    }

    [Fact]
    public void Run_Larger_InterpolatesBetweenPixelCentres()
    {
        Assert.Equal([0, 0.25f, 0.75f, 1], Resize([0, 255], 1, 2, 1, 4), Close);
        Assert.Equal([0, 0.25f, 0.75f, 1], Resize([0, 255], 2, 1, 4, 1), Close);
    }

    [Fact]
    public void Run_Smaller_CoversAllPixels()
    {
        var left = (0.75f * 255 + 0.75f * 0 + 0.25f * 255) / 1.75f / 255;
        var right = (0.25f * 0 + 0.75f * 255 + 0.75f * 51) / 1.75f / 255;

        Assert.Equal([left, right], Resize([255, 0, 255, 51], 1, 4, 1, 2), Close);
        Assert.Equal([left, right], Resize([255, 0, 255, 51], 4, 1, 2, 1), Close);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 11)]
    [InlineData(40, 2)]
    [InlineData(7, 5)]
    public void Run_Constant_StaysConstant(int height, int width)
    {
        Assert.All(Resize([.. Enumerable.Repeat((byte)51, 35)], 7, 5, height, width), x => Assert.Equal(0.2f, x, 1e-6f));
    }

    [Fact]
    public void Run_Ramp_StaysARampAwayFromTheEdges()
    {
        var image = Resize([.. Enumerable.Range(0, 16 * 16).Select(i => (byte)(10 * (i % 16) + 2 * (i / 16)))], 16, 16, 8, 4);

        Assert.Equal((10 * 5.5f + 2 * 6.5f) / 255, image[3 * 4 + 1], 1e-5f);
        Assert.Equal((10 * 9.5f + 2 * 8.5f) / 255, image[4 * 4 + 2], 1e-5f);
    }

    [Fact]
    public void Run_InterleavedChannels_TakesOne()
    {
        var image = new float[2];

        BilinearResize.Run(new byte[] { 9, 51, 9, 9, 102, 9 }.AsSpan(1), 3, 1, 2, image, 1, 2);

        Assert.Equal([0.2f, 0.4f], image);
    }

    private static float[] Resize(byte[] source, int sourceHeight, int sourceWidth, int height, int width)
    {
        var image = new float[height * width];
        BilinearResize.Run(source, 1, sourceHeight, sourceWidth, image, height, width);
        return image;
    }

    private static bool Close(float a, float b) => Math.Abs(a - b) < 1e-6f;
}
