namespace Glia.Data;

/// <summary>How a table is stored.</summary>
internal static class TableFormat
{
    public const int Csv = 0;
    public const int Parquet = 1;
    public const int Arrow = 2;

    /// <summary>The format of a file: by the end of its name, otherwise by its first bytes.</summary>
    public static int Find(string path)
    {
        if (Directory.Exists(path))
            throw new DataFormatException(path, "this is a folder; expected a table: a CSV, Parquet or Arrow file.");
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".parquet" or ".parq" or ".pq":
                return Parquet;
            case ".arrow" or ".arrows" or ".ipc" or ".feather":
                return Arrow;
        }

        Span<byte> start = stackalloc byte[6];
        using var file = File.OpenRead(path);
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        return start.StartsWith("PAR1"u8) ? Parquet : start.SequenceEqual("ARROW1"u8) || start.StartsWith("FEA1"u8) ? Arrow : Csv;
    }
}
