namespace Glia.Data.Tests.Images;

public class ImageDataTests
{
    private static readonly byte[] TwoImages = IdxFileTests.Idx(8, [2, 1, 2], 1, 2, 3, 4);

    private static byte[] Grey(int width = 2) => Pictures.Png(width, 2, 1, (_, _, _) => 51);

    [Fact]
    public void Open_IdxFolder_FindsTrainAndTest()
    {
        using var folder = new TempFolder();
        folder.File("train-images-idx3-ubyte", TwoImages);
        folder.File("train-labels-idx1-ubyte.gz", IdxFileTests.Gzip(IdxFileTests.Idx(8, [2], 0, 2)));

        Assert.Null(ImageData.Open(folder.Path).Test);

        folder.File("t10k-images-idx3-ubyte.gz", IdxFileTests.Gzip(TwoImages));
        folder.File("t10k-labels-idx1-ubyte", IdxFileTests.Idx(8, [2], 0, 1));
        var data = ImageData.Open(folder.Path);

        Assert.Equal(2, data.Train.Count);
        Assert.Null(data.Validation);
        Assert.Equal(["0", "1", "2"], data.Test!.ClassNames);
    }

    [Fact]
    public void Open_IdxFolderWithSomethingMissingOrWrong_SaysWhat()
    {
        using var folder = new TempFolder();
        folder.File("train-images-idx3-ubyte", TwoImages);
        Assert.Contains("the file train-labels-idx1-ubyte (or train-labels-idx1-ubyte.gz) is missing", Error(), StringComparison.Ordinal);
        folder.File("train-labels-idx1-ubyte", IdxFileTests.Idx(8, [2], 0, 1));
        folder.File("t10k-labels-idx1-ubyte", IdxFileTests.Idx(8, [2], 0, 2));
        Assert.Contains("the file t10k-images-idx3-ubyte (or", Error(), StringComparison.Ordinal);
        folder.File("t10k-images-idx3-ubyte", TwoImages);
        Assert.Contains("there are labels up to 2, but those of the training images end at 1", Error(), StringComparison.Ordinal);
        folder.File("t10k-labels-idx1-ubyte", IdxFileTests.Idx(8, [2], 0, 1));
        folder.File("t10k-images-idx3-ubyte", IdxFileTests.Idx(8, [2, 2, 1], 1, 2, 3, 4));
        Assert.Contains("the test images are 1 x 2 x 1, but the training images 1 x 1 x 2", Error(), StringComparison.Ordinal);

        string Error() => Assert.Throws<DataFormatException>(() => ImageData.Open(folder.Path)).Message;
    }

    [Fact]
    public void Open_ClassFolders_AreOnePart()
    {
        using var folder = new TempFolder();
        folder.File("train/1.png", Grey());
        folder.File("car/1.png", Grey());

        var data = ImageData.Open(folder.Path);

        Assert.Equal(["car", "train"], data.Train.ClassNames);
        Assert.Null(data.Test);
    }

    [Fact]
    public void Open_TrainValidationTestFolders_ShareShapeAndLabels()
    {
        using var folder = new TempFolder();
        foreach (var file in new[] { "train/a/1.png", "train/b/1.png", "train/c/1.png", "val/b/1.png", "test/a/1.png" })
            folder.File(file, Grey());
        folder.File("test/c/1.png", Grey(width: 5));

        var data = ImageData.Open(folder.Path);

        Assert.Equal((3, 1, 2), (data.Train.Count, data.Validation!.Count, data.Test!.Count));
        Assert.Equal((1, 0, 2), (data.Validation.Label(0), data.Test.Label(0), data.Test.Label(1)));
        Assert.Equal(2, data.Test.Width);
        Assert.Contains("1 image of 2 will be resized to 2 x 2", Assert.Single(data.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnsuitableParts_AreRefused()
    {
        using var folder = new TempFolder();
        Assert.Contains("there are no images here", Error(), StringComparison.Ordinal);
        folder.File("train/a/1.png", Grey());
        folder.File("train/b/1.png", Grey());
        folder.File("test/z/1.png", Grey());
        Assert.Contains("the class 'z' does not occur in the training images", Error(), StringComparison.Ordinal);
        Directory.Delete(Path.Combine(folder.Path, "test", "z"), recursive: true);
        Assert.Contains("there are no images; expected a sub-folder for each class: a, b", Error(), StringComparison.Ordinal);
        folder.File("val/a/1.png", Grey());
        folder.File("valid/a/1.png", Grey());
        Assert.Contains("expected one folder of validation images, found val, valid", Error(), StringComparison.Ordinal);

        string Error() => Assert.Throws<DataFormatException>(() => ImageData.Open(folder.Path)).Message;
    }
}
