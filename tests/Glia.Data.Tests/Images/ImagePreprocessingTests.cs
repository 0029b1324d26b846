namespace Glia.Data.Tests.Images;

public class ImagePreprocessingTests
{
    private static readonly string[] Names = ["a", "b"];

    [Fact]
    public void Fit_TrainingImages_StandardisesEachChannel()
    {
        var set = new ImageSet([0, 51, 102, 102, 7, 7, 51, 102, 102, 102, 7, 7, 255, 255, 0, 0, 0, 0], [0, 1, 0], Names, 3, 1, 2);

        var preprocessing = ImagePreprocessing.Fit(set, [0, 1]);

        Assert.Equal([0.2f, 0.4f, 7 / 255f], preprocessing.Mean.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
        var std = MathF.Sqrt((0.04f + 0 + 0 + 0.04f) / 4);
        Assert.Equal([std, 1, 1], preprocessing.Std.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
        var image = new float[6];
        set.Read(0, image);
        preprocessing.Normalize(image);
        Assert.Equal([-0.2f / std, 0, 0, 0, 0, 0], image, (a, b) => Math.Abs(a - b) < 1e-5f);
        Assert.Equal(Names, preprocessing.ClassNames);
    }

    [Fact]
    public void Fit_ManyImages_LooksAtSomeFromBeginningToEnd()
    {
        var set = new ImageSet([.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 250 / 5000))], new int[5000], ["a"], 1, 1, 1);

        Assert.Equal(125 / 255f, ImagePreprocessing.Fit(set, [.. Enumerable.Range(0, 5000)]).Mean[0], 0.01f);
    }

    [Fact]
    public void ReadFile_AnyPicture_BecomesTheInput()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.png", Pictures.Png(4, 4, 3, (_, _, _) => 51));

        var input = new ImagePreprocessing(1, 2, 3, [0.1f], [0.5f], Names).ReadFile(path);

        Assert.Equal(Enumerable.Repeat(0.2f, 6), input, (a, b) => Math.Abs(a - b) < 0.005f);
        Assert.Throws<DataFormatException>(() => new ImagePreprocessing(1, 2, 3, [0], [1], Names).ReadFile(folder.File("b.png", "no")));
    }

    [Fact]
    public void FromJson_Saved_IsBitIdentical()
    {
        var saved = new ImagePreprocessing(3, 20, 30, [0.1f, 1 / 3f, 0], [1e-7f, 1, 2 / 3f], ["é", "b\""]);

        var loaded = ImagePreprocessing.FromJson(saved.ToJson());

        Assert.Equal((3, 20, 30), (loaded.Channels, loaded.Height, loaded.Width));
        Assert.Equal(saved.Mean.ToArray(), loaded.Mean.ToArray());
        Assert.Equal(saved.Std.ToArray(), loaded.Std.ToArray());
        Assert.Equal(saved.ClassNames, loaded.ClassNames);
    }

    [Theory]
    [InlineData("\"channels\":2,\"height\":1,\"width\":1,\"mean\":[0,0],\"std\":[1,1],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":0,\"width\":1,\"mean\":[0],\"std\":[1],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":1.5,\"width\":1,\"mean\":[0],\"std\":[1],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":2000000000,\"width\":2000000000,\"mean\":[0],\"std\":[1],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":1,\"width\":1,\"mean\":[0,1],\"std\":[1],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":1,\"width\":1,\"mean\":[\"0\"],\"std\":[1],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":1,\"width\":1,\"mean\":[0],\"std\":[0],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":1,\"width\":1,\"mean\":[1e300],\"std\":[1],\"classes\":[]")]
    [InlineData("\"channels\":1,\"height\":1,\"width\":1,\"mean\":[0],\"std\":[1]")]
    public void FromJson_Damaged_IsRefused(string content)
    {
        var json = "{\"format\":\"glia.image-preprocessing\",\"version\":1," + content + "}";

        Assert.Equal("m.glia", Assert.Throws<DataFormatException>(() => ImagePreprocessing.FromJson(json, "m.glia")).FileName);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        var set = new ImageSet(new byte[1], [0], ["a"], 1, 1, 1);

        Assert.Throws<ArgumentException>(() => ImagePreprocessing.Fit(set, []));
        Assert.Throws<ArgumentException>(() => new ImagePreprocessing(1, 1, 1, [float.NaN], [1], Names));
        Assert.Throws<ArgumentException>(() => new ImagePreprocessing(1, 1, 1, [0], [1], Names).Normalize(new float[2]));
    }
}
