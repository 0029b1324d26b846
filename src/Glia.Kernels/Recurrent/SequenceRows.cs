using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Where the rows of a batch of sequences lie, and which of them are within their sequence's length.</summary>
internal unsafe struct SequenceRows<T>
    where T : unmanaged
{
    public RecurrentSizes Sizes;

    /// <summary>The valid steps of each sequence; null when all are.</summary>
    public long* Lengths;

    public readonly long LengthOf(int row) => Lengths == null ? Sizes.Steps : Lengths[row];

    public readonly bool IsValid(in CellRow<T> at) => at.Time < LengthOf(at.Row);

    /// <summary>A row of a batch × time × <paramref name="blocks"/>·hidden array; null for none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly T* At(T* sequence, in CellRow<T> at, int blocks = 1) => sequence == null ? null : At(sequence, at.Row, at.Time, blocks);

    /// <summary>A row of a batch × hidden array.</summary>
    public readonly T* Of(T* state, in CellRow<T> at) => state + ((long)at.Row * Sizes.Hidden);

    /// <summary>The row of the state that this time started from.</summary>
    public readonly T* Before(T* sequence, T* initial, in CellRow<T> at)
    {
        var before = Sizes.Before(at.Time, LengthOf(at.Row));
        return before < 0 ? Of(initial, at) : At(sequence, at.Row, before, 1);
    }

    /// <summary>Sets the units of every block of a row to 0.</summary>
    public readonly void Clear(T* row, in CellRow<T> at, int blocks = 1)
    {
        for (var block = 0; block < blocks; block++)
            new Span<T>(row + ((long)block * Sizes.Hidden) + at.Unit, at.Units).Clear();
    }

    /// <summary>Leaves the state as it was.</summary>
    public static void Keep(in CellRow<T> at)
    {
        if (at.To != at.From)
            new Span<T>(at.From + at.Unit, at.Units).CopyTo(new(at.To + at.Unit, at.Units));
    }

    private readonly T* At(T* sequence, int row, int time, int blocks) =>
        sequence + ((((long)row * Sizes.Steps) + time) * blocks * Sizes.Hidden);
}
