using System.Buffers.Binary;

namespace Glia.Data.Tests.Images;

public class ImageFileTests
{
    private static byte Pixel(int y, int x, int c) => (byte)(20 * y + 50 * x + 3 * c);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_PngOfAnyChannels_GivesItsPixels(int channels)
    {
        using var folder = new TempFolder();
        var path = folder.File("a.png", Pictures.Png(3, 2, channels, Pixel));
        var grey = channels < 3;

        Assert.Equal((2, 3, grey), ImageFile.ReadHeader(path));
        var image = Read(path, grey ? 1 : 3, 2, 3);

        for (var i = 0; i < image.Length; i++)
            Assert.Equal(Pixel(i % 6 / 3, i % 3, i / 6) / 255f, image[i]);
    }

    [Fact]
    public void Read_ColourAsGrey_WeighsTheChannels()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.png", Pictures.Png(1, 1, 3, (_, _, c) => (byte)(c == 1 ? 255 : 0)));

        Assert.Equal(0.587f, Read(path, 1, 1, 1)[0], 0.005f);
    }

    [Fact]
    public void Read_GreyAsColour_RepeatsTheChannel()
    {
        using var folder = new TempFolder();

        Assert.Equal([0.2f, 0.2f, 0.2f], Read(folder.File("a.png", Pictures.Png(1, 1, 1, (_, _, _) => 51)), 3, 1, 1));
    }

    [Fact]
    public void Read_PalettePackedAndSixteenBitPng_AreRead()
    {
        using var folder = new TempFolder();
        var palette = folder.File("p.png", Pictures.Png(3, 1, 2, 3, [0, 0b00_01_10_00], palette: [0, 0, 0, 51, 102, 153, 255, 255, 255]));
        var packed = folder.File("b.png", Pictures.Png(9, 1, 1, 0, [0, 0b1010_0000, 0b1000_0000]));
        var sixteen = folder.File("s.png", Pictures.Png(2, 1, 16, 0, [0, 51, 0, 255, 255]));

        Assert.Equal([0, 0.2f, 1, 0, 0.4f, 1, 0, 0.6f, 1], Read(palette, 3, 1, 3));
        Assert.Equal([1f, 0, 1, 0, 0, 0, 0, 0, 1], Read(packed, 1, 1, 9));
        Assert.Equal([0.2f, 1], Read(sixteen, 1, 1, 2));
    }

    [Fact]
    public void Read_InterlacedPng_IsRead()
    {
        using var folder = new TempFolder();

        // Adam7 of 3 x 2: pass 1 has (0,0), pass 4 (0,2), pass 6 (0,1), pass 7 the second row.
        var path = folder.File("i.png", Pictures.Png(3, 2, 8, 0, [0, 0, 0, 102, 0, 51, 0, 153, 204, 255], interlace: 1));

        Assert.Equal([0, 0.2f, 0.4f, 0.6f, 0.8f, 1], Read(path, 1, 2, 3));
    }

    [Fact]
    public void Read_Bmp_GivesItsPixels()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.bmp", Pictures.Bmp(3, 2, Pixel));

        Assert.Equal((2, 3, false), ImageFile.ReadHeader(path));
        Assert.Equal(Pixel(1, 2, 1) / 255f, Read(path, 3, 2, 3)[11]);
    }

    [Fact]
    public void Read_Jpeg_GivesRoughlyItsPixels()
    {
        using var folder = new TempFolder();
        var colour = folder.File("c.jpg", Pictures.ColourJpeg);
        var grey = folder.File("g.jpeg", Pictures.GreyJpeg);

        Assert.Equal((8, 16, false), ImageFile.ReadHeader(colour));
        Assert.Equal((8, 16, true), ImageFile.ReadHeader(grey));
        var image = Read(colour, 3, 8, 16);
        Assert.Equal(128 / 255f, image[4 * 16 + 8], 0.06f);
        Assert.Equal(135 / 255f, image[128 + 4 * 16 + 8], 0.06f);
        Assert.Equal(80 / 255f, image[256 + 4 * 16 + 8], 0.06f);
        Assert.Equal(128 / 255f, Read(grey, 1, 8, 16)[8], 0.02f);
    }

    [Fact]
    public void Read_OtherSize_IsStretched()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.png", Pictures.Png(2, 1, 1, (_, x, _) => (byte)(255 * x)));

        Assert.Equal([0, 0.25f, 0.75f, 1, 0, 0.25f, 0.75f, 1], Read(path, 1, 2, 4), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    public static TheoryData<byte[], string> Damaged => new()
    {
        { [], "not a PNG, JPEG or BMP" },
        { "hello world"u8.ToArray(), "not a PNG, JPEG or BMP" },
        { "GIF89a\u0001\0\u0001\0"u8.ToArray(), "not a PNG, JPEG or BMP" },
        { Pictures.Png(3, 2, 1, Pixel)[..20], "" },
        { Pictures.Png(3, 2, 1, Pixel)[..50], "truncated" },
        { Pictures.Png(300, 200, 8, 0, new byte[100]), "truncated" },
        { Pictures.Png(3, 2, 8, 0, new byte[100_000]), "damaged" },
        { Pictures.Png(3, 2, 8, 0, [9, 1, 2, 3, 9, 4, 5, 6]), "damaged" },
        { Pictures.Png(10_000, 10_000, 8, 0, new byte[10]), "10000 x 10000 pixels" },
        { Pictures.Png(3, 2, 5, 0, new byte[8]), "damaged" },
        { Pictures.ColourJpeg[..200], "" },
        { Pictures.ColourJpeg[..300], "truncated" },
        { Pictures.Bmp(3, 2, Pixel)[..60], "truncated" },
        { Pictures.Bmp(3, 2, Pixel)[..20], "" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Read_Damaged_SaysWhatIsWrong(byte[] bytes, string message)
    {
        using var folder = new TempFolder();
        var path = folder.File("a.png", bytes);

        var error = Assert.Throws<DataFormatException>(() => Read(path, 1, 2, 3));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.FileName);
    }

    [Fact]
    public void Read_JpegOfTooManyPixels_IsRefusedBeforeDecoding()
    {
        using var folder = new TempFolder();
        var bytes = Pictures.GreyJpeg.ToArray();
        var frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), 9000);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), 9000);

        var error = Assert.Throws<DataFormatException>(() => Read(folder.File("a.jpg", bytes), 1, 2, 3));

        Assert.EndsWith("the image has 9000 x 9000 pixels; allowed are 1 to 64 megapixels.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedAtRandom_NeverThrowsAnythingElse()
    {
        using var folder = new TempFolder();
        byte[][] files =
        [
            Pictures.Png(5, 4, 3, Pixel), Pictures.Png(3, 1, 2, 3, [0, 0b00_01_10_00], palette: [0, 0, 0, 51, 102, 153]),
            Pictures.ColourJpeg, Pictures.GreyJpeg, Pictures.Bmp(3, 2, Pixel),
        ];
        for (ulong seed = 0; seed < 3000; seed++)
        {
            var bytes = files[seed % (ulong)files.Length].ToArray();
            for (ulong change = 0; change <= seed % 3; change++)
                bytes[(int)(CounterRandom.Bits(seed, 2 * change) % (ulong)bytes.Length)] = (byte)CounterRandom.Bits(seed, 2 * change + 1);

            // Pictures as large as the limit would be valid too, and take their time.
            var path = folder.File("a", bytes);
            var thrown = Record.Exception(() =>
            {
                if (ImageFile.ReadHeader(path) is { Height: < 500, Width: < 500 })
                    Read(path, 3, 4, 4);
            });

            Assert.True(thrown is null or DataFormatException, $"seed {seed}: {thrown}");
        }
    }

    private static float[] Read(string path, int channels, int height, int width)
    {
        var image = new float[channels * height * width];
        ImageFile.Read(path, channels, height, width, image);
        return image;
    }
}
