namespace Glia.Data.Tests.Images;

public class ImageSetTests
{
    [Fact]
    public void ReadIdx_ImagesAndLabels_BelongTogether()
    {
        using var folder = new TempFolder();

        var set = ImageSet.ReadIdx(
            folder.File("i", IdxFileTests.Idx(8, [2, 1, 3], 0, 51, 255, 1, 2, 3)), folder.File("l", IdxFileTests.Idx(8, [2], 2, 0)));

        Assert.Equal((2, 1, 1, 3), (set.Count, set.Channels, set.Height, set.Width));
        Assert.Equal(["0", "1", "2"], set.ClassNames);
        Assert.Equal((2, 0), (set.Label(0), set.Label(1)));
        Assert.Equal(new byte[] { 0, 51, 255, 1, 2, 3 }, set.Pixels.ToArray());
        var image = new float[3];
        set.Read(0, image);
        Assert.Equal([0f, 51 / 255f, 1f], image);
        set.Read(1, image);
        Assert.Equal([1 / 255f, 2 / 255f, 3 / 255f], image);
    }

    [Fact]
    public void ReadIdx_FourDimensions_HaveChannels()
    {
        using var folder = new TempFolder();
        var labels = folder.File("l", IdxFileTests.Idx(0x0C, [1], 0, 0, 0, 1));

        var set = ImageSet.ReadIdx(folder.File("i", IdxFileTests.Idx(8, [1, 3, 1, 2], 1, 2, 3, 4, 5, 6)), labels);

        Assert.Equal((3, 1, 2), (set.Channels, set.Height, set.Width));
        Assert.Equal(1, set.Label(0));
    }

    public static TheoryData<byte[], byte[], string> Mismatched => new()
    {
        { IdxFileTests.Idx(8, [2, 1, 1], 1, 2), IdxFileTests.Idx(8, [3], 0, 1, 2), "expected 2 labels, one for each image in" },
        { IdxFileTests.Idx(8, [2], 1, 2), IdxFileTests.Idx(8, [2], 0, 1), "found UInt8 of 2." },
        { IdxFileTests.Idx(8, [1, 2, 1, 1], 1, 2), IdxFileTests.Idx(8, [1], 0), "found UInt8 of 1 x 2 x 1 x 1." },
        { IdxFileTests.Idx(9, [1, 1, 1], 1), IdxFileTests.Idx(8, [1], 0), "found Int8 of 1 x 1 x 1." },
        { IdxFileTests.Idx(8, [0, 1, 1]), IdxFileTests.Idx(8, [0]), "found UInt8 of 0 x 1 x 1." },
        { IdxFileTests.Idx(8, [1, 1, 1], 1), IdxFileTests.Idx(8, [1, 1], 0), "expected labels as a list of integers" },
        { IdxFileTests.Idx(8, [1, 1, 1], 1), IdxFileTests.Idx(13, [1], 0, 0, 0, 0), "expected labels as a list of integers" },
        { IdxFileTests.Idx(8, [1, 1, 1], 1), IdxFileTests.Idx(9, [1], 255), "label 1 is -1" },
        { IdxFileTests.Idx(8, [1, 1, 1], 1), IdxFileTests.Idx(12, [1], 0, 1, 0, 0), "label 1 is 65536" },
    };

    [Theory]
    [MemberData(nameof(Mismatched))]
    public void ReadIdx_Mismatched_SaysWhatIsWrong(byte[] images, byte[] labels, string message)
    {
        using var folder = new TempFolder();

        var error = Assert.Throws<DataFormatException>(() => ImageSet.ReadIdx(folder.File("i", images), folder.File("l", labels)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_LengthsThatDisagree_AreRefused()
    {
        string[] names = ["a"];

        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[5], [0], names, 1, 2, 2));
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[4], [1], names, 1, 2, 2));
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[4], [-1], names, 1, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(new byte[8], [0], names, 2, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet([], [], names, 1, 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet([], [], names, 1, int.MaxValue, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(new byte[4], [0], names, 1, 2, 2, white: 0));
    }

    [Fact]
    public void Read_BadArguments_AreRefused()
    {
        var set = new ImageSet(new byte[4], [0], ["a"], 1, 2, 2);

        Assert.Throws<ArgumentOutOfRangeException>(() => set.Read(1, new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Read(-1, new float[4]));
        Assert.Throws<ArgumentException>(() => set.Read(0, new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Label(1));
    }

    [Fact]
    public void Read_OtherWhite_ScalesByIt()
    {
        var set = new ImageSet([0, 8, 16, 4], [0], ["a"], 1, 2, 2, white: 16);
        var image = new float[4];

        set.Read(0, image);

        Assert.Equal([0, 0.5f, 1, 0.25f], image);
    }
}
