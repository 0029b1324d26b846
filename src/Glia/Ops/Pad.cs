namespace Glia;

/// <summary>What is put around elements.</summary>
public enum PadMode
{
    /// <summary>One number everywhere.</summary>
    Constant,

    /// <summary>The elements mirrored at the edge, which is not repeated: c b | a b c.</summary>
    Reflect,

    /// <summary>The edge again and again: a a | a b c.</summary>
    Replicate,

    /// <summary>The elements over again, as on a ring: b c | a b c | a b.</summary>
    Circular,
}

public partial class Tensor
{
    /// <summary>Puts <paramref name="value"/> (0 by default) <paramref name="before"/> and <paramref name="after"/> times around the elements along one axis.</summary>
    /// <exception cref="ArgumentException">An amount is negative.</exception>
    public Tensor Pad(int axis, int before, int after, double value = 0) => Pad(axis, before, after, PadMode.Constant, value);

    /// <summary>Puts elements around those along one axis.</summary>
    /// <param name="axis">The axis; negative ones count from the end.</param>
    /// <param name="before">How many come before.</param>
    /// <param name="after">How many come after.</param>
    /// <param name="mode">What they are.</param>
    /// <param name="value">The number for <see cref="PadMode.Constant"/>.</param>
    /// <exception cref="ArgumentException">An amount is negative, or too large to be mirrored.</exception>
    public Tensor Pad(int axis, int before, int after, PadMode mode, double value = 0)
    {
        axis = Shape.NormalizeAxis(axis);
        var size = Shape[axis];
        if (before < 0 || after < 0)
            throw new ArgumentException($"Pad expects amounts of 0 or more but got {before} before and {after} after. Use Slice to shorten.");
        if (before == 0 && after == 0)
            return this;
        if (Tracing.Tracer.Current is { } tracer)
            return tracer.Whole(new Tracing.PadCall(axis, before, after, mode, value), this);
        if (mode == PadMode.Constant)
            return new SpreadOperation(axis, before, before + size + after, 1, value).Apply(this);
        if (size == 0 || (mode == PadMode.Reflect && (before >= size || after >= size)))
            throw new ArgumentException($"Pad by {mode} expects amounts below the size of axis {axis} of {Shape} but got {before} before and {after} after.");
        var source = new long[before + size + after];
        for (var i = 0; i < source.Length; i++)
        {
            var at = i - before;
            if (mode == PadMode.Replicate)
                at = Math.Clamp(at, 0, size - 1);
            else if (mode == PadMode.Circular)
                at = ((at % size) + size) % size;
            else if (at < 0)
                at = -at;
            else if (at >= size)
                at = (2 * size) - 2 - at;
            source[i] = at;
        }
        return IndexSelect(axis, From(source, device: Device));
    }
}
