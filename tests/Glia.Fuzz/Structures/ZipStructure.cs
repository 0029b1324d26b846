using System.IO.Compression;

namespace Glia.Fuzz;

/// <summary>Zip archives: changes an entry, and packs all of them anew, with right lengths and checksums.</summary>
internal sealed class ZipStructure(CompressionLevel level) : IStructure
{
    private const int LargestEntry = 1 << 16;

    public byte[]? Mutate(byte[] input, Func<byte[], byte[]> change, Random random)
    {
        var entries = new List<(string Name, byte[] Content)>();
        try
        {
            using var archive = new ZipArchive(new MemoryStream(input), ZipArchiveMode.Read);
            foreach (var entry in archive.Entries)
            {
                // Entries without names can be read, but not written.
                if (entry.Length > LargestEntry || entry.FullName.Length == 0)
                    return null;
                using var stream = entry.Open();
                var content = new MemoryStream();
                stream.CopyTo(content);
                entries.Add((entry.FullName, content.ToArray()));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException or IndexOutOfRangeException)
        {
            return null;
        }

        if (entries.Count == 0)
            return null;
        // The description of everything is the most interesting, and the first in PyTorch's files.
        var index = random.Next(2) == 0 ? 0 : random.Next(entries.Count);
        if (random.Next(16) == 0)
            entries.RemoveAt(index);
        else
            entries[index] = entries[index] with { Content = change(entries[index].Content) };
        var output = new MemoryStream();
        using (var archive = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return output.ToArray();
    }
}
