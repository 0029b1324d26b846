namespace Glia.Benchmarks.Peer;

/// <summary>One line of the table: the same computation by Glia and by libtorch.</summary>
internal abstract class Row(string name) : IDisposable
{
    public string Name => name;

    /// <summary>How many times faster than libtorch Glia means to be.</summary>
    public double Goal { get; init; } = 1;

    /// <summary>Multiplications and additions of one run.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes that one run must at least read and write, where that is what binds; 0 where arithmetic does.</summary>
    public double Bytes { get; init; }

    /// <summary>How many different bytes those are, which says what cache they come from; all of them by default.</summary>
    public double? Footprint { get; init; }

    /// <summary>How far the results may be from libtorch's, as a fraction of the largest number.</summary>
    public virtual double Tolerance { get; init; } = 1e-4;

    public abstract void Glia();

    public abstract void Torch();

    /// <summary>The largest difference between the results, as a fraction of the largest number.</summary>
    public abstract double Difference();

    public abstract void Dispose();

    protected static double Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (expected.Length != actual.Length)
            throw new InvalidOperationException($"libtorch gives {expected.Length} numbers, Glia {actual.Length}.");
        var (worst, largest) = (0f, 0f);
        for (var i = 0; i < expected.Length; i++)
        {
            worst = Math.Max(worst, Math.Abs(expected[i] - actual[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }
        return worst / largest;
    }
}
