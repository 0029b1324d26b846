using System.Diagnostics;

namespace Glia.Data.Tests;

/// <summary>Reads files that are made to take much memory or time, and sees that they take little of both.</summary>
internal static class Hostile
{
    /// <summary>What each byte of a file of compressed zeros may cost.</summary>
    public const int Compressed = 2400;

    /// <summary>What each byte of a file of texts that share bytes may cost.</summary>
    public const int Shared = 160;

    private const int Usual = 64;
    private const long FewMegabytes = 8 << 20;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    /// <summary>Refuses a file; the message.</summary>
    public static string Refuse(string name, byte[] bytes, int rows = 256, int perByte = Usual) => Assert.IsType<DataFormatException>(Bounded(name, bytes, rows, perByte)).Message;

    /// <summary>Reads all pieces of a file, or refuses it.</summary>
    public static void ReadsOrRefuses(string name, byte[] bytes, int rows = 256, int perByte = Usual)
    {
        if (Bounded(name, bytes, rows, perByte) is { } error)
            Assert.IsType<DataFormatException>(error);
    }

    private static Exception? Bounded(string name, byte[] bytes, int rows, int perByte)
    {
        using var folder = new TempFolder();
        var path = folder.File(name, bytes);
        var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        var error = Record.Exception(() =>
        {
            if (rows == 0)
            {
                Table.Read(path);
                return;
            }

            foreach (var piece in TableStream.Open(path).ReadChunks(rows))
                Assert.InRange(piece.RowCount, 1, rows);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FewMegabytes + ((long)perByte * bytes.Length));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, Soon);
        return error;
    }
}
