namespace Glia.Data;

/// <summary>What the description of a file says that is stored column by column.</summary>
internal abstract class ColumnarFile
{
    /// <summary>All columns at the top of the schema, in order, those that cannot be read among them.</summary>
    public abstract IReadOnlyList<ColumnarColumn> Columns { get; }

    /// <summary>The number of rows.</summary>
    public abstract long RowCount { get; }

    /// <summary>Begins to read the rows; a sink for each column that can be read.</summary>
    public abstract ColumnarPass Begin(ColumnSink[] sinks);
}
