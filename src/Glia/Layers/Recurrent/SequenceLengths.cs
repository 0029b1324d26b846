namespace Glia.Layers;

/// <summary>Which steps of padded sequences are valid.</summary>
internal static class SequenceLengths
{
    /// <summary>The lengths when they are right for a batch of sequences; null when every step is valid.</summary>
    public static Tensor? Checked(Tensor? lengths, string who, int batch, int steps)
    {
        if (lengths is null)
            return null;
        if (lengths.Shape != batch)
            throw ShapeException.Of(who, $"lengths of shape ({batch},), one per sequence,", $"{lengths.Shape}");
        var isShorter = false;
        foreach (var length in lengths.AsSpan<long>())
        {
            if (length < 1 || length > steps)
                throw new ArgumentException($"{who} got a length of {length} for sequences of {steps} steps. Each length must be from 1 to {steps}.");
            isShorter |= length < steps;
        }
        return isShorter ? lengths : null;
    }

    /// <summary>Whether a time is within each sequence, Bool (batch, 1).</summary>
    public static Tensor MaskAt(Tensor lengths, int time)
    {
        var mask = Tensor.Allocate((lengths.Count, 1), DType.Bool, lengths.Device);
        var valid = mask.Span<bool>();
        var counts = lengths.AsSpan<long>();
        for (var b = 0; b < valid.Length; b++)
            valid[b] = time < counts[b];
        return mask;
    }

    /// <summary>x (batch, time, features) with 0 beyond the lengths, whatever was there.</summary>
    public static Tensor Mask(Tensor x, Tensor lengths)
    {
        var (batch, steps) = (x.Shape[0], x.Shape[1]);
        var mask = Tensor.Allocate((batch, steps, 1), DType.Bool, x.Device);
        var valid = mask.Span<bool>();
        var counts = lengths.AsSpan<long>();
        for (var i = 0; i < valid.Length; i++)
            valid[i] = i % steps < counts[i / steps];
        return Tensor.Where(mask, x, Tensor.Scalar(0, x.DType, x.Device));
    }
}
