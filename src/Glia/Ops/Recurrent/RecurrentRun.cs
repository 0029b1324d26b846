using Glia.Kernels;

namespace Glia.Ops;

/// <summary>What a run over a sequence is asked for.</summary>
[Flags]
internal enum RecurrentParts
{
    None = 0,

    /// <summary>The hidden state at every step, (batch, time, hidden).</summary>
    Sequence = 1,

    /// <summary>The final hidden state, (batch, hidden).</summary>
    Hidden = 2,

    /// <summary>The final cell, (batch, hidden).</summary>
    Cell = 4,
}

/// <summary>
/// How a cell runs over a batch of sequences. An operation has one result: a single part has its own shape, several lie one after the other along one
/// axis, in the order of <see cref="RecurrentParts"/>, so that each is a view.
/// </summary>
/// <param name="Lengths">The valid steps of each sequence, Int64 (batch,); null when all are.</param>
/// <param name="IsReverse">Whether the last valid step comes first.</param>
/// <param name="Parts">What is asked for.</param>
internal readonly record struct RecurrentRun(Tensor? Lengths, bool IsReverse, RecurrentParts Parts)
{
    private static ReadOnlySpan<RecurrentParts> All => [RecurrentParts.Sequence, RecurrentParts.Hidden, RecurrentParts.Cell];

    public bool Has(RecurrentParts part) => (Parts & part) != 0;

    public Shape ShapeOf(in RecurrentSizes sizes)
    {
        var (count, parts, last) = (0, 0, Shape.Scalar);
        foreach (var part in All)
        {
            if (!Has(part))
                continue;
            last = ShapeOf(part, sizes);
            count += last.Count;
            parts++;
        }
        return parts == 1 ? last : count;
    }

    /// <summary>The memory of one part, outside the graph; null when it was not asked for.</summary>
    public Tensor? View(RecurrentParts part, Tensor packed, in RecurrentSizes sizes) =>
        Has(part) ? packed.View(Start(part, sizes), ShapeOf(part, sizes)) : null;

    /// <summary>One part as a node of the graph.</summary>
    public Tensor? Part(RecurrentParts part, Tensor packed, in RecurrentSizes sizes)
    {
        if (!Has(part) || Parts == part)
            return Has(part) ? packed : null;
        var shape = ShapeOf(part, sizes);
        return packed.Slice(0, Start(part, sizes), shape.Count).Reshape(shape);
    }

    /// <summary>The parts in one tensor, as the fused operation would give them.</summary>
    public Tensor Pack(PlainResult result)
    {
        var parts = new List<Tensor>(3);
        if (Has(RecurrentParts.Sequence))
            parts.Add(result.Sequence);
        if (Has(RecurrentParts.Hidden))
            parts.Add(result.Final.Hidden);
        if (Has(RecurrentParts.Cell))
            parts.Add(result.Final.Cell!);
        return parts.Count == 1 ? parts[0] : Tensor.Concat(0, [.. parts.Select(p => p.Reshape(p.Count))]);
    }

    private int Start(RecurrentParts part, in RecurrentSizes sizes)
    {
        var start = 0;
        foreach (var before in All)
        {
            if (before < part && Has(before))
                start += ShapeOf(before, sizes).Count;
        }
        return start;
    }

    private static Shape ShapeOf(RecurrentParts part, in RecurrentSizes sizes) =>
        part == RecurrentParts.Sequence ? (sizes.Batch, sizes.Steps, sizes.Hidden) : (sizes.Batch, sizes.Hidden);
}
