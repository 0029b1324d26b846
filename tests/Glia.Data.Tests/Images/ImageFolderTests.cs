using System.Globalization;

namespace Glia.Data.Tests.Images;

public class ImageFolderTests
{
    private static byte[] Grey(byte value, int width = 2, int height = 2) => Pictures.Png(width, height, 1, (_, _, _) => value);

    private static byte[] Colour(byte value) => Pictures.Png(2, 2, 3, (_, _, c) => (byte)(value + c));

    [Fact]
    public void Open_FolderPerClass_ReadsOnDemand()
    {
        using var folder = new TempFolder();
        folder.File("dog/2.png", Grey(51));
        folder.File("dog/1.PNG", Grey(255));
        folder.File("cat/x.png", Grey(0));
        folder.File(".cache/x.png", Grey(0));

        var images = ImageFolder.Open(folder.Path);

        Assert.Equal(["cat", "dog"], images.ClassNames);
        Assert.Equal((3, 1, 2, 2), (images.Count, images.Channels, images.Height, images.Width));
        Assert.Equal([0, 1, 1], Enumerable.Range(0, 3).Select(images.Label));
        Assert.Equal(["x.png", "1.PNG", "2.png"], images.Files.Select(Path.GetFileName));
        Assert.Equal([0.2f, 0.2f, 0.2f, 0.2f], Read(images, 2));
        Assert.Empty(images.Notes);
        File.Delete(images.Files[2]);
        Assert.Throws<FileNotFoundException>(() => Read(images, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(images, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Label(-1));
        Assert.Throws<ArgumentException>(() => images.Read(0, new float[3]));
    }

    [Fact]
    public void Open_OneColourImage_MakesAllColour()
    {
        using var folder = new TempFolder();
        folder.File("a/1.png", Grey(51));
        folder.File("b/1.png", Colour(100));

        var images = ImageFolder.Open(folder.Path);

        Assert.Equal(3, images.Channels);
        Assert.Equal(Enumerable.Repeat(0.2f, 12), Read(images, 0));
        Assert.Equal(1, ImageFolder.Open(folder.Path, new ImageFolderOptions { Channels = 1 }).Channels);
    }

    [Fact]
    public void Open_DifferentSizes_TakesTheMostCommonWithANote()
    {
        using var folder = new TempFolder();
        folder.File("a/1.png", Grey(51, 3, 2));
        folder.File("a/2.png", Grey(51, 9, 9));
        folder.File("b/1.png", Grey(51, 3, 2));
        folder.File("b/readme.txt", "");

        var images = ImageFolder.Open(folder.Path);

        Assert.Equal((2, 3), (images.Height, images.Width));
        Assert.All(Read(images, 1), x => Assert.Equal(0.2f, x, 1e-6f));
        Assert.Equal(
            [
                $"{folder.Path}: 1 file is passed over, not being PNG, JPEG or BMP by name.",
                $"{folder.Path}: 1 image of 3 will be resized to 3 x 2 pixels.",
            ],
            images.Notes);
    }

    [Fact]
    public void Open_GivenSize_ResizesAll()
    {
        using var folder = new TempFolder();
        folder.File("a/1.png", Grey(51));
        folder.File("b/1.png", Grey(51));

        var images = ImageFolder.Open(folder.Path, new ImageFolderOptions { Size = (4, 5) });

        Assert.Equal(20, Read(images, 0).Length);
        Assert.Contains("2 images of 2 will be resized to 5 x 4", Assert.Single(images.Notes), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Open(folder.Path, new ImageFolderOptions { Size = (0, 5) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFolder.Open(folder.Path, new ImageFolderOptions { Channels = 2 }));
    }

    [Fact]
    public void Open_Unsuitable_SaysWhatIsExpected()
    {
        using var folder = new TempFolder();
        Assert.Contains("at least two, found 0 sub-folders", Error(), StringComparison.Ordinal);
        folder.File("a/1.png", Grey(1));
        Assert.Contains("at least two, found 1 sub-folder.", Error(), StringComparison.Ordinal);
        folder.File("b/1.txt", "");
        Assert.Contains($"b: there is no PNG, JPEG or BMP image in this folder", Error(), StringComparison.Ordinal);
        folder.File("b/1.png", "no image");
        Assert.Contains("1.png: this is not a PNG, JPEG or BMP image", Error(), StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Open(Path.Combine(folder.Path, "none")));

        string Error() => Assert.Throws<DataFormatException>(() => ImageFolder.Open(folder.Path)).Message;
    }

    [Fact]
    public void Read_FromManyThreads_GivesEachItsImage()
    {
        using var folder = new TempFolder();
        for (var i = 0; i < 40; i++)
            folder.File($"{i % 2}/{i:00}.png", Grey((byte)i));
        var images = ImageFolder.Open(folder.Path);

        Parallel.For(0, 400, k =>
        {
            var value = byte.Parse(Path.GetFileNameWithoutExtension(images.Files[k % 40]), CultureInfo.InvariantCulture);
            Assert.Equal(Enumerable.Repeat(value / 255f, 4), Read(images, k % 40));
        });
    }

    private static float[] Read(ImageFolder images, int index)
    {
        var image = new float[images.Channels * images.Height * images.Width];
        images.Read(index, image);
        return image;
    }
}
