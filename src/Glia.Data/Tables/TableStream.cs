namespace Glia.Data;

/// <summary>A table in a file, read in pieces, for tables larger than memory: CSV, Parquet or Arrow.</summary>
/// <remarks>
/// <para>
/// A file whose name ends in .parquet, or that begins as one, is read as Parquet; .arrow, .arrows, .ipc and .feather (version 2) as Arrow; anything else as CSV
/// (<see cref="CsvStream"/>). Every enumeration of <see cref="ReadChunks(int)"/> is a pass over the file. Encoders fit on the chunks:
/// <c>TableEncoder.Fit(stream.ReadChunks(10_000, [0.8, 0.2], part: 0, seed: 1), "price")</c>.
/// </para>
/// <para>
/// In Parquet and Arrow files the types say what a column is: whole numbers, floating-point numbers and decimals are numeric, texts and truth values are
/// categorical, dates and times become texts (2024-05-01, 2024-05-01 12:30:00), as they are in a CSV file. A null, NaN, and the texts that mean "missing" in a
/// CSV file are missing values. Lists, maps, structures and other columns that are not one number or text for each row are left out;
/// <see cref="Notes"/> says so. Memory depends on the rows of a piece and on the pages or buffers of a file, not on its size.
/// </para>
/// </remarks>
public abstract class TableStream
{
    private protected TableStream(string name) => Name = name;

    /// <summary>The file as it was given.</summary>
    public string Name { get; }

    /// <summary>The number of data rows.</summary>
    public long RowCount { get; private protected set; }

    /// <summary>The column names in the order of the file.</summary>
    public IReadOnlyList<string> ColumnNames { get; private protected set; } = [];

    /// <summary>Which columns of the file were left out and why, a sentence each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Opens a file and reads its description; of a CSV file, all of it, to find the kinds of the columns.</summary>
    /// <param name="path">The file; it must not change while the stream is in use.</param>
    /// <param name="options">How to read it; null for the defaults. Of Parquet and Arrow files, only kinds and missing values matter.</param>
    /// <exception cref="DataFormatException">The file is not a well-formed table; the message says where and what.</exception>
    /// <exception cref="IOException">The file cannot be read, for instance because it does not exist.</exception>
    public static TableStream Open(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return TableFormat.Find(path) switch
        {
            TableFormat.Parquet => new ColumnarStream(path, () => ByteSource.Open(path), isParquet: true, options ?? new CsvOptions()),
            TableFormat.Arrow => new ColumnarStream(path, () => ByteSource.Open(path), isParquet: false, options ?? new CsvOptions()),
            _ => CsvStream.Open(path, options),
        };
    }

    /// <summary>Reads all rows in order, as tables of at most <paramref name="rows"/> rows.</summary>
    /// <param name="rows">Rows per table, at least 1; the last table may have fewer.</param>
    public IEnumerable<Table> ReadChunks(int rows) => ReadChunks(rows, [1.0], 0, 0);

    /// <summary>Reads the rows of one part of a random split, in order, as tables of at most <paramref name="rows"/> rows.</summary>
    /// <param name="rows">Rows per table, at least 1; the last table may have fewer.</param>
    /// <param name="fractions">The expected share of each part; positive, sum 1.</param>
    /// <param name="part">Which part to read (0-based).</param>
    /// <param name="seed">The seed; the same seed gives the same split (see <see cref="Splits.PartOf"/>).</param>
    public IEnumerable<Table> ReadChunks(int rows, double[] fractions, int part, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        Splits.CheckFractions(fractions);
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(part, fractions.Length);
        return Enumerate(rows, fractions, part, seed);
    }

    /// <summary>Whether a table is too large to be held in memory: its file, or the numbers that a compressed one becomes.</summary>
    internal static bool IsLarger(string path, long bytes) =>
        new FileInfo(path).Length > bytes || (TableFormat.Find(path) != TableFormat.Csv && Open(path) is var stream && (double)stream.RowCount * stream.ColumnNames.Count * sizeof(double) > bytes);

    internal virtual Table ReadAll() => RowCount <= Array.MaxLength
        ? ReadChunks((int)RowCount).FirstOrDefault() ?? throw Changed()
        : throw new DataFormatException(Name, $"{RowCount} rows are too many for one table in memory; read the file with TableStream.");

    private protected abstract IEnumerable<Table> Enumerate(int rows, double[] fractions, int part, ulong seed);

    private protected DataFormatException Changed() => new(Name, "the file changed while it was being read.");
}
