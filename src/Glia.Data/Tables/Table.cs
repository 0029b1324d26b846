using System.Text;

namespace Glia.Data;

/// <summary>A table in memory: named columns of the same number of rows, each numeric or categorical.</summary>
/// <remarks>
/// <para>
/// CSV files are UTF-8 (or UTF-16 with a byte order mark) with one header row; fields may be quoted; lines end in LF or CRLF; empty lines
/// are skipped; the separator is found among comma, semicolon, tab and bar. Cells are trimmed; see
/// <see cref="CsvOptions.DefaultMissingValues"/> for the texts that mean "missing". In a file separated by semicolons a decimal comma
/// is accepted.
/// </para>
/// <para>
/// A column is numeric when all its values are numbers, otherwise categorical; but where at least 95 % of 20 or more values are numbers,
/// the rest are taken for mistakes and refused. Infinite values are refused.
/// </para>
/// </remarks>
public sealed class Table
{
    private readonly long[]? _lines;
    private readonly Dictionary<string, Column> _byName;

    /// <summary>Makes a table of columns.</summary>
    /// <param name="name">What errors call the table, such as a file name.</param>
    /// <param name="columns">At least one column; equal row counts, different names.</param>
    /// <exception cref="ArgumentException">There is no column, the row counts differ or a name occurs twice.</exception>
    public Table(string name, IReadOnlyList<Column> columns)
        : this(name, columns, null)
    {
    }

    internal Table(string name, IReadOnlyList<Column> columns, long[]? lines)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count == 0)
            throw new ArgumentException("A table needs at least one column.", nameof(columns));

        _byName = new(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            if (column.Count != columns[0].Count)
            {
                throw new ArgumentException(
                    $"Column '{column.Name}' has {column.Count} rows, but '{columns[0].Name}' has {columns[0].Count}; "
                    + "all must have the same.",
                    nameof(columns));
            }

            if (!_byName.TryAdd(column.Name, column))
                throw new ArgumentException($"Two columns are named '{column.Name}'; names must differ.", nameof(columns));
        }

        Name = name;
        Columns = [.. columns];
        RowCount = columns[0].Count;
        _lines = lines;
    }

    /// <summary>The file the table came from, or the name of the data set.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The columns in the order of the header.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Columns of the file that are none of this table, by name, with a sentence why.</summary>
    internal IReadOnlyDictionary<string, string> LeftOut { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether rows have come by their number in a file rather than by a line.</summary>
    internal bool CountsRows { get; init; }

    /// <summary>Which columns of the file were left out on reading and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes => [.. LeftOut.Values];

    /// <summary>The column of that name (case matters).</summary>
    /// <exception cref="DataFormatException">There is no such column; the message lists the columns and the nearest name.</exception>
    public Column this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            return _byName.TryGetValue(name, out var column) ? column : throw new DataFormatException(
                Name, LeftOut.GetValueOrDefault(name) ?? ClosestName.Explain("column", "columns", name, [.. Columns.Select(c => c.Name)]), column: name);
        }
    }

    /// <summary>Reads a CSV, Parquet or Arrow file into memory (see <see cref="TableStream"/>, which is also for files that do not fit).</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DataFormatException">The file is not a well-formed table; the message says where and what.</exception>
    /// <exception cref="IOException">The file cannot be read, for instance because it does not exist.</exception>
    public static Table Read(string path, CsvOptions? options = null) => TableStream.Open(path, options).ReadAll();

    /// <summary>Reads a CSV file into memory; for one that does not fit, see <see cref="CsvStream"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DataFormatException">The file is not a well-formed table; the message names the line and column.</exception>
    /// <exception cref="IOException">The file cannot be read, for instance because it does not exist.</exception>
    public static Table ReadCsv(string path, CsvOptions? options = null) => CsvStream.Open(path, options).ReadAll();

    /// <summary>Reads CSV text.</summary>
    /// <param name="text">The text, header row first.</param>
    /// <param name="name">What errors call the table.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DataFormatException">The text is not a well-formed table; the message names the line and column.</exception>
    public static Table ParseCsv(string text, string name = "text", CsvOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        return CsvStream.Open(name, () => new MemoryStream(bytes), options).ReadAll();
    }

    /// <summary>Gets the column of that name, if there is one.</summary>
    public bool TryGetColumn(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Column? column) =>
        _byName.TryGetValue(name, out column);

    /// <summary>A table of the given rows, in the given order.</summary>
    /// <param name="rows">Row indices (0-based); a row may occur more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index is not a row of this table.</exception>
    public Table Select(ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            if ((uint)row >= (uint)RowCount)
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"The table '{Name}' has rows 0 to {RowCount - 1}.");
        }

        var lines = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            lines[i] = _lines is null ? rows[i] : _lines[rows[i]];

        var columns = new Column[Columns.Count];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = Columns[i].Select(rows);
        return new Table(Name, columns, _lines is null ? null : lines) { LeftOut = LeftOut, CountsRows = CountsRows };
    }

    /// <summary>An error about one row, with the line or the row of the file where the table came from one.</summary>
    internal DataFormatException Error(int row, string column, string message) => _lines is not null && !CountsRows
        ? new DataFormatException(Name, message, _lines[row], column)
        : new DataFormatException(Name, $"{Locate(row)}: {message}", null, column);

    /// <summary>Where a row came from, for use in the middle of a sentence.</summary>
    internal string Locate(int row) => _lines is null ? $"row {row + 1}" : CountsRows ? $"row {_lines[row] + 1}" : $"line {_lines[row]}";
}
