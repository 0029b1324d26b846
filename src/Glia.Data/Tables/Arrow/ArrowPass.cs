namespace Glia.Data;

/// <summary>Reads the batches of an Arrow file, one after the other.</summary>
internal sealed class ArrowPass(ByteSource source, ArrowSchema schema, IReadOnlyList<ArrowBlock> blocks, ColumnSink[] sinks) : ColumnarPass
{
    private readonly Dictionary<long, Column> _dictionaries = [];
    private readonly List<ArrowColumnReader> _columns = [];
    private int _block = -1;
    private long _rows;
    private long _row;

    public override int Next(int most)
    {
        while (_row == _rows)
        {
            if (++_block == blocks.Count)
                return 0;
            (_row, _rows) = (0, 0);
            if (blocks[_block].IsDictionary)
                ReadDictionary(new ArrowBatch(source, blocks[_block]), blocks[_block].Rows);
            else
                Begin(blocks[_block]);
        }

        return (int)Math.Min(_rows - _row, Math.Min(most, MostRows));
    }

    public override void Read(ReadOnlySpan<bool> keep)
    {
        foreach (var column in _columns)
            column.Read(_row, keep);
        _row += keep.Length;
    }

    public override void Dispose() => source.Dispose();

    private void Begin(ArrowBlock block)
    {
        var batch = new ArrowBatch(source, block);
        _rows = block.Rows;
        _columns.Clear();
        var sink = 0;
        foreach (var field in schema.Fields)
        {
            Column? dictionary = null;
            if (field.Type is not null && field.Dictionary is { } id && !_dictionaries.TryGetValue(id, out dictionary))
                throw new CorruptDataException($"column '{field.Name}' refers to a dictionary that is not there; the file is damaged.");
            var column = batch.Next(field, field.Type is not null && field.Index is not null ? field.Index : field.Type, dictionary, field.Type is null ? null : sinks[sink++]);
            if (column is not null)
                _columns.Add(column);
        }
    }

    private void ReadDictionary(ArrowBatch batch, long rows)
    {
        var sink = 0;
        foreach (var field in schema.Fields)
        {
            if (field.Type is null)
                continue;
            if (field.Dictionary == batch.Dictionary)
            {
                ReadDictionary(batch, field, sinks[sink], rows);
                return;
            }

            sink++;
        }
    }

    private void ReadDictionary(ArrowBatch batch, ArrowField field, ColumnSink sink, long rows)
    {
        var before = batch.IsDelta && _dictionaries.TryGetValue(batch.Dictionary, out var known) ? known : null;
        var entries = field with { Dictionary = null, Index = null, Children = [], Layout = ArrowLayout.Of(LayoutType(field.Type!), false) };
        var reader = batch.Next(entries, field.Type, null, sink)!;
        var count = reader.Believed(rows);
        _dictionaries[batch.Dictionary] = sink.ReadDictionary((before?.Count ?? 0) + count, i =>
        {
            if (i < (before?.Count ?? 0))
                sink.Copy(before!, i);
            else
                reader.Read(i - (before?.Count ?? 0), [true]);
        });
    }

    private static byte LayoutType(ArrowType type) => type.Storage switch
    {
        ArrowStorage.Null => 1,
        ArrowStorage.Text => 5,
        ArrowStorage.LargeText => 20,
        ArrowStorage.TextView => 24,
        _ => 2,
    };
}
