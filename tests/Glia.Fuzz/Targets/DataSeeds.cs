using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Glia.Data;

namespace Glia.Fuzz;

/// <summary>Small files of data.</summary>
internal static class DataSeeds
{
    public static IEnumerable<byte[]> Idx()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3, .. Enumerable.Range(0, 18).Select(i => (byte)i)];
        yield return images;
        yield return [0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4];
        yield return [0, 0, 14, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        var compressed = new MemoryStream();
        using (var stream = new GZipStream(compressed, CompressionLevel.Optimal))
            stream.Write(images);
        yield return compressed.ToArray();
    }

    public static IEnumerable<byte[]> Csv() =>
    [
        .. new[]
        {
            "a,b,c\n1,2,x\n3.5,NA,\"y, z\"\n-1e3,,\"a \"\"b\"\"\"\n", "größe;preis\r\n1,5;2\r\n\r\n2,5;3\r\n", "x\ty\n1\tred\n2\tblue\n", "a|b\n1|2\n",
            "n,t\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{(i % 3 == 0 ? "a" : "b")}\n")),
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,b\n1,2\n")],
    ];

    public static IEnumerable<byte[]> Encoders()
    {
        var iris = BuiltInDatasets.Load("iris");
        string[] texts =
        [
            TableEncoder.Fit(iris, "petal_length_cm").ToJson(), TargetEncoder.Fit(iris, "species").ToJson(), TargetEncoder.Fit(iris, iris.Columns[0].Name, TaskKind.Regression).ToJson(),
            SeriesEncoder.Fit([.. Enumerable.Range(0, 60).Select(i => Math.Sin(i))], "s", 8, 2).ToJson(), Vocabulary.Fit("some text").ToJson(),
            ImagePreprocessing.Fit(BuiltInDatasets.LoadImages("digits"), [0, 1, 2]).ToJson(),
        ];
        return texts.Select(Encoding.UTF8.GetBytes);
    }

    /// <summary>Pictures as PNG (0), JPEG (1) or BMP (2).</summary>
    public static IEnumerable<byte[]> Images(int format)
    {
        foreach (var (channels, size) in new[] { (1, 4), (3, 9), (3, 17) })
        {
            var image = Tensor.From([.. Enumerable.Range(0, channels * size * size).Select(i => (i * 37 % 101) / 100f)], (channels, size, size));
            if (format == 2)
            {
                yield return Bmp(size, 24);
                yield return Bmp(size, 8);
                yield return Bmp(size, 32);
                continue;
            }

            var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}{(format == 0 ? ".png" : ".jpg")}");
            ImageFile.Save(path, image);
            yield return File.ReadAllBytes(path);
            File.Delete(path);
        }
    }

    private static byte[] Bmp(int size, int bits)
    {
        var palette = bits == 8 ? 256 * 4 : 0;
        var row = ((size * bits) + 31) / 32 * 4;
        var bytes = new byte[54 + palette + (row * size)];
        "BM"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(2), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), 54 + palette);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), size);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), size);
        bytes[26] = 1;
        bytes[28] = (byte)bits;
        for (var i = 54; i < bytes.Length; i++)
            bytes[i] = (byte)(i * 31);
        return bytes;
    }
}
