namespace Glia.Training.Diagnostics;

/// <summary>How <see cref="LossLandscape"/> looks around.</summary>
public sealed record LossLandscapeOptions
{
    /// <summary>Points along a slice, at least 2; 41 by default. An odd number has one at the current weights.</summary>
    public int SlicePoints { get; init; } = 41;

    /// <summary>Points along each side of a surface, at least 2; 25 by default, which are 625 losses.</summary>
    public int SurfacePoints { get; init; } = 25;

    /// <summary>How far to go: α from −range to range; 1 by default, where a filter has been changed by its own norm.</summary>
    public double Range { get; init; } = 1;

    /// <summary>The most samples to take the loss over, drawn by the seed and held in memory; 512 by default. With stateful layers the first ones, in their order.</summary>
    public int Samples { get; init; } = 512;

    /// <summary>How many sequences stateful layers read side by side, as in training; 32 by default. For other models it makes no difference.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The seed of directions and samples; 0 by default.</summary>
    public ulong Seed { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(SlicePoints, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(SurfacePoints, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Samples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BatchSize);
        if (!(Range > 0 && double.IsFinite(Range)))
            throw new ArgumentOutOfRangeException(nameof(Range), Range, "The range of a loss landscape must be a positive, finite number.");
    }
}
