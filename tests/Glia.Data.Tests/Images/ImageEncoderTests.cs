namespace Glia.Data.Tests.Images;

public class ImageEncoderTests
{
    private static Tensor Levels(int channels, int height = 5, int width = 7) => Tensor.From(
        [.. Enumerable.Range(0, channels * height * width).Select(i => (i * 37 % 256) / 255f)], (channels, height, width));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Png_SavedAndLoaded_IsTheSameBits(int channels)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.png");
        var image = Levels(channels);
        ImageFile.Save(path, image);
        var loaded = ImageFile.Load(path);
        Assert.Equal(image.Shape, loaded.Shape);
        Assert.Equal(image.ToArray<float>(), loaded.ToArray<float>());
        Assert.Equal(["a.png"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.JPEG")]
    public void Jpeg_SavedAndLoaded_IsNearlyTheSame(string name)
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, name);
        var image = Tensor.From([.. Enumerable.Range(0, 3 * 16 * 16).Select(i => i % 16 / 16f)], (3, 16, 16));
        ImageFile.Save(path, image);
        Assert.Equal(0, (ImageFile.Load(path) - image).Abs().Max().Item(), 0.05);
    }

    [Fact]
    public void Save_NumbersBeyond_AreCutOffAndRounded()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "a.png");
        ImageFile.Save(path, Tensor.From([-1f, 0.4999f / 255, 0.5f / 255, 0.5f, 1, 7, float.NaN, float.PositiveInfinity], (2, 4)));
        Assert.Equal([0f, 0, 1, 128, 255, 255, 0, 255], ImageFile.Load(path).ToArray<float>().Select(v => MathF.Round(v * 255)));
        ImageFile.Save(path, Tensor.Full((1, 1, 1), 0.2, DType.Float64));
        Assert.Equal(0.2f, ImageFile.Load(path).ToArray<float>().Single());
    }

    [Fact]
    public void Load_ChannelsAskedFor_AreGiven()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.png", Pictures.Png(3, 2, 4, (y, x, c) => (byte)(c == 3 ? 0 : 40 * x)));
        Assert.Equal((3, 2, 3), ImageFile.Load(path).Shape);
        Assert.Equal((1, 2, 3), ImageFile.Load(path, channels: 1).Shape);
        // Transparency is ignored.
        Assert.Equal(80 / 255f, (float)ImageFile.Load(path)[2, 1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFile.Load(path, channels: 2));
    }

    [Fact]
    public void Save_WhatIsNoPicture_IsRefused()
    {
        using var folder = new TempFolder();
        string Path(string name) => System.IO.Path.Combine(folder.Path, name);
        Assert.StartsWith($"'{Path("a.gif")}' must end in .png, .jpg or .jpeg.", Assert.Throws<ArgumentException>(() => ImageFile.Save(Path("a.gif"), Levels(1))).Message, StringComparison.Ordinal);
        foreach (var shape in new Shape[] { (2, 5, 5), (1, 0, 5), (1, 1, 5, 5), 5 })
        {
            Assert.Equal(
                $"ImageFile.Save expects (channels, rows, columns) with 1 or 3 channels, or (rows, columns), of 1 to 64000000 pixels but got {shape}.",
                Assert.Throws<ShapeException>(() => ImageFile.Save(Path("a.png"), Tensor.Zeros(shape))).Message);
        }
        Assert.Throws<IOException>(() => ImageFile.Save(Path("missing/a.png"), Levels(1)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }
}
