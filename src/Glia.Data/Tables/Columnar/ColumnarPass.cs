namespace Glia.Data;

/// <summary>A pass over the rows of a file that is stored column by column.</summary>
internal abstract class ColumnarPass : IDisposable
{
    /// <summary>Rows that are read at a time, so that memory does not depend on what the file calls a batch.</summary>
    protected const int MostRows = 4096;

    /// <summary>How many rows come next in one piece, at most <paramref name="most"/>; 0 at the end.</summary>
    public abstract int Next(int most);

    /// <summary>Reads as many rows as <see cref="Next"/> said, and adds those that are to be kept to the sinks.</summary>
    public abstract void Read(ReadOnlySpan<bool> keep);

    public abstract void Dispose();
}
