using System.Numerics;

namespace Glia.Kernels;

/// <summary>What the recurrent cells share: rows of a batch in parallel, and states one step earlier.</summary>
internal static unsafe class Recurrence
{
    private const int WorkPerItem = 1 << 12;

    /// <summary>Does every row of a batch, in pieces of several rows that may run on any thread.</summary>
    public static void ForRows<TRows>(int rows, int columns, in TRows work)
        where TRows : struct, IRows
    {
        var job = new Job<TRows> { Work = work, Rows = rows, RowsPerItem = Math.Max(1, WorkPerItem / columns) };
        WorkerPool.For((rows + job.RowsPerItem - 1) / job.RowsPerItem, ref job);
    }

    /// <summary>
    /// The state that each step started from: previous[b, t] = sequence[b, the time before t], or initial[b] at the first; 0 beyond the length.
    /// </summary>
    public static void Previous<T>(in RecurrentSizes s, ReadOnlySpan<long> lengths, ReadOnlySpan<T> sequence, ReadOnlySpan<T> initial, Span<T> previous)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var b = 0; b < s.Batch; b++)
        {
            var length = s.LengthOf(b, lengths);
            for (var t = 0; t < s.Steps; t++)
            {
                var to = previous.Slice(((b * s.Steps) + t) * s.Hidden, s.Hidden);
                var before = s.Before(t, length);
                if (t >= length)
                    to.Clear();
                else if (before < 0)
                    initial.Slice(b * s.Hidden, s.Hidden).CopyTo(to);
                else
                    sequence.Slice(((b * s.Steps) + before) * s.Hidden, s.Hidden).CopyTo(to);
            }
        }
    }

    private struct Job<TRows> : IParallelJob
        where TRows : struct, IRows
    {
        public TRows Work;
        public int Rows;
        public int RowsPerItem;

        public readonly void Run(int index)
        {
            for (var row = index * RowsPerItem; row < Math.Min(Rows, (index + 1) * RowsPerItem); row++)
                Work.Row(row);
        }
    }
}

/// <summary>Work on the rows of a batch at one time step.</summary>
internal interface IRows
{
    void Row(int row);
}

/// <summary>Where the rows of one time step lie, and which of them are within their sequence's length.</summary>
internal unsafe struct StepRows<T>
    where T : unmanaged
{
    public RecurrentSizes Sizes;
    public int Time;
    public long* Lengths;

    public readonly long LengthOf(int row) => Lengths == null ? Sizes.Steps : Lengths[row];

    /// <summary>The row of a batch × time × <paramref name="blocks"/>·hidden array at this time.</summary>
    public readonly T* At(T* sequence, int row, int blocks = 1) => At(sequence, row, Time, blocks);

    /// <summary>The row of a batch × hidden array.</summary>
    public readonly T* Of(T* state, int row) => state + ((long)row * Sizes.Hidden);

    /// <summary>The row of the state that this time started from.</summary>
    public readonly T* Before(T* sequence, T* initial, int row)
    {
        var before = Sizes.Before(Time, LengthOf(row));
        return before < 0 ? Of(initial, row) : At(sequence, row, before, 1);
    }

    public readonly Span<T> Span(T* row, int blocks = 1) => new(row, blocks * Sizes.Hidden);

    private readonly T* At(T* sequence, int row, int time, int blocks) =>
        sequence + ((((long)row * Sizes.Steps) + time) * blocks * Sizes.Hidden);
}
