using System.Buffers.Binary;
using System.Globalization;
using Glia.Data;

namespace Glia.Cli.Tests;

/// <summary>Images that a small network learns at once: bars that lie and bars that stand.</summary>
internal static class TestImages
{
    public static string[] Classes { get; } = ["lying", "standing"];

    /// <summary>Writes PNG files, a folder for each class.</summary>
    public static void WriteFolder(Workspace workspace, string folder, int size, int perClass)
    {
        for (var label = 0; label < Classes.Length; label++)
        {
            Directory.CreateDirectory(workspace[Path.Combine(folder, Classes[label])]);
            for (var i = 0; i < perClass; i++)
            {
                var file = string.Create(CultureInfo.InvariantCulture, $"{folder}/{Classes[label]}/{i}.png");
                ImageFile.Save(workspace[file], Tensor.From(Pixels(size, label, i), (size, size)));
            }
        }
    }

    /// <summary>Writes a training file of IDX and its labels.</summary>
    public static void WriteIdx(Workspace workspace, string folder, int size, int count)
    {
        var pixels = Enumerable.Range(0, count).SelectMany(i => Pixels(size, i % 2, i)).Select(p => (byte)(255 * p));
        workspace.Write(Path.Combine(folder, "train-images-idx3-ubyte"), [0, 0, 8, 3, .. Number(count), .. Number(size), .. Number(size), .. pixels]);
        workspace.Write(Path.Combine(folder, "train-labels-idx1-ubyte"), [0, 0, 8, 1, .. Number(count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 2))]);
    }

    private static float[] Pixels(int size, int label, int seed)
    {
        var bar = (seed * 7) % size;
        var random = new Random(seed);
        return [.. Enumerable.Range(0, size * size).Select(p => ((label == 0 ? p / size : p % size) == bar ? 0.8f : 0f) + (0.2f * random.NextSingle()))];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
