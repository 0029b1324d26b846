namespace Glia.Data;

/// <summary>Reads the row groups of a Parquet file, one after the other, page by page.</summary>
internal sealed class ParquetPass(ByteSource source, IReadOnlyList<ParquetRowGroup> groups, ParquetColumnReader[] columns) : ColumnarPass
{
    private int _group = -1;
    private long _left;

    public override int Next(int most)
    {
        while (_left == 0)
        {
            if (++_group == groups.Count)
                return 0;
            _left = groups[_group].Rows;
            foreach (var column in columns)
                column.Begin(groups[_group]);
        }

        return (int)Math.Min(_left, Math.Min(most, MostRows));
    }

    public override void Read(ReadOnlySpan<bool> keep)
    {
        foreach (var column in columns)
            column.Read(keep);
        _left -= keep.Length;
    }

    public override void Dispose() => source.Dispose();
}
