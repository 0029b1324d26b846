using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>What was measured and is not in the store yet. Adding takes some nanoseconds and, once the lists have grown, no memory.</summary>
internal sealed class WriteBuffer
{
    /// <summary>A store that cannot be written for long must not eat the memory of the training: 24 MiB at most.</summary>
    public const int MostSteps = 1 << 20;

    public List<Row> Steps { get; } = new(1024);

    public List<Action<SqliteConnection>> Changes { get; } = [];

    public bool IsEmpty => Steps.Count == 0 && Changes.Count == 0;

    public void Clear()
    {
        Steps.Clear();
        Changes.Clear();
    }

    /// <summary>A value of a metric at a step; the metric by its place among those of the writer.</summary>
    internal readonly record struct Row(long Step, double Value, int Metric);
}
