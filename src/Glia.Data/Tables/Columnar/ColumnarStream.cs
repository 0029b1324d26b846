using System.Globalization;

namespace Glia.Data;

/// <summary>A Parquet or Arrow file read in pieces. Types come from the file's schema, so that opening reads no rows.</summary>
internal sealed class ColumnarStream : TableStream
{
    private readonly Func<ByteSource> _open;
    private readonly CsvOptions _options;
    private readonly bool _isParquet;
    private readonly Dictionary<string, string> _leftOut = new(StringComparer.Ordinal);
    private readonly ColumnKind[] _kinds;
    private readonly long _bytes;

    public ColumnarStream(string name, Func<ByteSource> open, bool isParquet, CsvOptions options)
        : base(name)
    {
        _open = open;
        _options = options;
        _isParquet = isParquet;
        using var source = open();
        _bytes = source.Length;
        var file = Read(source);
        var columns = file.Columns;
        if (columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new DataFormatException(name, $"{twice.Count()} columns are named '{twice.Key}'; names must differ.", column: twice.Key);
        foreach (var column in columns.Where(c => c.Refusal is not null))
            _leftOut[column.Name] = $"column '{column.Name}' is left out: {column.Refusal}.";
        ColumnNames = [.. columns.Where(c => c.Refusal is null).Select(c => c.Name)];
        if (ColumnNames.Count == 0)
            throw new DataFormatException(name, string.Join(" ", ["no column can be read.", .. _leftOut.Values]));
        _kinds = [.. columns.Where(c => c.Refusal is null).Select(c => options.Kinds.TryGetValue(c.Name, out var kind) ? kind : c.Kind)];
        RowCount = file.RowCount;
        if (RowCount == 0)
            throw new DataFormatException(name, "the file has no rows.");
    }

    public override IReadOnlyList<string> Notes => [.. _leftOut.Values];

    internal override Table ReadAll()
    {
        // A table also has the number of each row in the file.
        if (RowCount * (ColumnNames.Count + 1) > ExpansionBudget.Of(_bytes) / sizeof(double))
        {
            throw new DataFormatException(Name, string.Create(
                CultureInfo.InvariantCulture,
                $"the file has {RowCount} rows of {ColumnNames.Count} columns in {_bytes} bytes, which is too much for one table in memory; read it piece by piece with TableStream."));
        }

        return base.ReadAll();
    }

    private protected override IEnumerable<Table> Enumerate(int rows, double[] fractions, int part, ulong seed)
    {
        using var source = _open();
        var file = Read(source);
        if (file.RowCount != RowCount || !file.Columns.Where(c => c.Refusal is null).Select(c => c.Name).SequenceEqual(ColumnNames, StringComparer.Ordinal))
            throw Changed();
        var sinks = new ColumnSink[ColumnNames.Count];
        for (var i = 0; i < sinks.Length; i++)
            sinks[i] = new ColumnSink(Name, ColumnNames[i], _kinds[i], _options.MissingValues, source.Budget);
        using var pass = Guard(() => file.Begin(sinks));

        var capacity = (int)Math.Min(rows, RowCount);
        var chunk = new Chunk(sinks, capacity);
        var keep = Array.Empty<bool>();
        var row = 0L;
        while (Guard(() => pass.Next(capacity - chunk.Count)) is var count and > 0)
        {
            if (keep.Length < count)
                keep = new bool[count];
            for (var i = 0; i < count; i++)
            {
                keep[i] = fractions.Length == 1 || Splits.PartOf(row + i, fractions, seed) == part;
                if (keep[i])
                    chunk.Rows[chunk.Count++] = row + i;
            }

            foreach (var sink in sinks)
                sink.Row = row;
            var kept = keep.AsMemory(0, count);
            Guard(() =>
            {
                pass.Read(kept.Span);
                return true;
            });
            row += count;
            if (chunk.Count < capacity)
                continue;
            yield return chunk.Build(this);
            chunk = new Chunk(sinks, capacity);
        }

        if (chunk.Count > 0)
            yield return chunk.Build(this);
    }

    private ColumnarFile Read(ByteSource source) => Guard<ColumnarFile>(() => _isParquet ? ParquetFile.Read(source) : ArrowFile.Read(source));

    private T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (CorruptDataException e)
        {
            throw new DataFormatException(Name, e.Message, innerException: e);
        }
    }

    /// <summary>The rows of the next table.</summary>
    private sealed class Chunk(ColumnSink[] sinks, int capacity)
    {
        private readonly ColumnBuilder[] _columns = [.. sinks.Select(sink => sink.Begin(capacity))];

        public long[] Rows { get; } = new long[capacity];

        public int Count { get; set; }

        public Table Build(ColumnarStream stream) => new(stream.Name, [.. _columns.Select(c => c.Build())], Count == Rows.Length ? Rows : Rows[..Count])
        {
            CountsRows = true,
            LeftOut = stream._leftOut,
        };
    }
}
