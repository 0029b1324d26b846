namespace Glia.Data;

/// <summary>A CSV file read in pieces, for tables larger than memory; the whole of <see cref="Table.ReadCsv"/> is one such piece.</summary>
/// <remarks>
/// Opening makes one pass over the file, which checks every row and finds the kind of every column (see <see cref="Table"/> for the rules);
/// every enumeration of <see cref="TableStream.ReadChunks(int)"/> is another pass. Encoders fit on the chunks:
/// <c>TableEncoder.Fit(stream.ReadChunks(10_000, [0.8, 0.2], part: 0, seed: 1), "price")</c>.
/// </remarks>
public sealed class CsvStream : TableStream
{
    private const double MostlyNumbers = 0.95;
    private const long EnoughValues = 20;

    private readonly Func<Stream> _open;
    private readonly CsvOptions _options;
    private readonly ColumnKind[] _kinds;

    private CsvStream(string name, Func<Stream> open, CsvOptions options)
        : base(name)
    {
        _open = open;
        _options = options;
        using var rows = new CsvRows(name, open, options);
        ColumnNames = rows.Names;
        var tallies = new Tally[ColumnNames.Count];
        while (rows.Read())
        {
            RowCount++;
            for (var i = 0; i < tallies.Length; i++)
                tallies[i].Add(rows, i);
        }

        if (RowCount == 0)
            throw new DataFormatException(name, "there are no data rows after the header row.");

        _kinds = new ColumnKind[tallies.Length];
        for (var i = 0; i < tallies.Length; i++)
            _kinds[i] = DecideKind(ColumnNames[i], tallies[i]);
    }

    /// <summary>Opens a CSV file and makes the first pass over it.</summary>
    /// <param name="path">The file; it must not change while the stream is in use.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="DataFormatException">The file is not a well-formed table; the message names the line and column.</exception>
    /// <exception cref="IOException">The file cannot be read, for instance because it does not exist.</exception>
    public static new CsvStream Open(string path, CsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Directory.Exists(path))
            throw new DataFormatException(path, "this is a folder; expected a CSV file.");

        return Open(path, () => File.OpenRead(path), options);
    }

    internal static CsvStream Open(string name, Func<Stream> open, CsvOptions? options) => new(name, open, options ?? new CsvOptions());

    private protected override IEnumerable<Table> Enumerate(int rows, double[] fractions, int part, ulong seed)
    {
        using var source = new CsvRows(Name, _open, _options);
        if (!source.Names.SequenceEqual(ColumnNames, StringComparer.Ordinal))
            throw Changed();

        var chunk = new Chunk(this, rows);
        for (long row = 0; source.Read(); row++)
        {
            if (row >= RowCount)
                throw Changed();
            if (fractions.Length > 1 && Splits.PartOf(row, fractions, seed) != part)
                continue;

            chunk.Add(source);
            if (chunk.Count < rows)
                continue;

            yield return chunk.Build();
            chunk = new Chunk(this, rows);
        }

        if (chunk.Count > 0)
            yield return chunk.Build();
    }

    private ColumnKind DecideKind(string column, in Tally tally)
    {
        var values = tally.Numbers + tally.Texts;
        if (!_options.Kinds.TryGetValue(column, out var kind))
        {
            var numeric = tally.Texts == 0 || (values >= EnoughValues && tally.Numbers >= MostlyNumbers * values);
            kind = numeric ? ColumnKind.Numeric : ColumnKind.Categorical;
        }

        if (kind == ColumnKind.Numeric && tally.FirstText is not null)
        {
            throw new DataFormatException(
                Name,
                $"column '{column}' holds numbers, but line {tally.FirstTextLine} has '{tally.FirstText}'; correct it or leave it empty.",
                tally.FirstTextLine, column);
        }

        if (kind == ColumnKind.Numeric && tally.FirstInfiniteLine > 0)
        {
            throw new DataFormatException(
                Name, $"column '{column}' has an infinite value, or one too large for a number; correct it or leave it empty.",
                tally.FirstInfiniteLine, column);
        }

        return kind;
    }

    /// <summary>What the first pass learns of a column.</summary>
    private struct Tally
    {
        private const int ShownText = 40;

        public long Numbers;
        public long Texts;
        public string? FirstText;
        public long FirstTextLine;
        public long FirstInfiniteLine;

        public void Add(CsvRows rows, int column)
        {
            var kind = rows.Classify(column, out var number);
            if (kind == CellKind.Number)
            {
                Numbers++;
                if (FirstInfiniteLine == 0 && double.IsInfinity(number))
                    FirstInfiniteLine = rows.Line;
            }
            else if (kind == CellKind.Text)
            {
                Texts++;
                if (FirstText is not null)
                    return;

                var text = rows.Text(column);
                FirstText = text.Length <= ShownText ? text.ToString() : $"{text[..ShownText]}...";
                FirstTextLine = rows.Line;
            }
        }
    }

    /// <summary>The rows of the next table.</summary>
    private sealed class Chunk
    {
        private readonly CsvStream _stream;
        private readonly ColumnBuilder[] _columns;
        private readonly long[] _lines;

        public Chunk(CsvStream stream, int rows)
        {
            _stream = stream;
            var capacity = (int)Math.Min(rows, stream.RowCount);
            _columns = new ColumnBuilder[stream._kinds.Length];
            for (var i = 0; i < _columns.Length; i++)
                _columns[i] = new ColumnBuilder(stream.ColumnNames[i], stream._kinds[i], capacity);
            _lines = new long[capacity];
        }

        public int Count { get; private set; }

        public void Add(CsvRows rows)
        {
            for (var i = 0; i < _columns.Length; i++)
            {
                var column = _columns[i];
                var kind = rows.Classify(i, out var number);
                if (kind == CellKind.Missing)
                    column.AddMissing();
                else if (column.Kind == ColumnKind.Categorical)
                    column.AddText(rows.Text(i));
                else if (kind == CellKind.Number && double.IsFinite(number))
                    column.AddNumber(number);
                else
                    throw _stream.Changed();
            }

            _lines[Count++] = rows.Line;
        }

        public Table Build() =>
            new(_stream.Name, [.. _columns.Select(column => column.Build())], Count == _lines.Length ? _lines : _lines[..Count]);
    }
}
