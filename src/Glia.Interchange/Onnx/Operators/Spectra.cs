using static Glia.Interchange.Onnx.Operators.HostMath;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>Spectra of signals. The last axis of signals and spectra holds real numbers (1) or complex ones (2).</summary>
internal static class Spectra
{
    public static Operator[] All =>
    [
        new("DFT", 17, "1-3", "axis:i inverse:i onesided:i", Transform, OperatorTraits.Grows),
        new("STFT", 17, "2-4", "onesided:i", ShortTime, OperatorTraits.Grows),
        new("MelWeightMatrix", 17, "5", "output_datatype:i", MelWeights, OperatorTraits.Grows),
    ];

    /// <summary>
    /// The axis is a setting up to version 19, and an input since. Of real numbers half of the spectrum may be wanted, since the rest mirrors it; and such a half may be given, of which
    /// a real signal is made.
    /// </summary>
    private static Value[] Transform(NodeCall c)
    {
        var x = c.X;
        var (isInverse, isHalf, isComplex) = (c.Flag("inverse"), c.Flag("onesided"), IsComplex(x));
        var given = c.Opset >= 20 ? c.Has(2) ? (int)c.Number(2) : -2 : c.Int("axis", 1);
        var axis = x.Shape.NormalizeAxis(given);
        if (axis == x.Rank - 1)
            throw new ArgumentException($"an axis before the last, which holds the parts of the numbers, was expected but got {given} for {x.Shape}.");
        if (isHalf && isComplex != isInverse)
            throw new ArgumentException($"onesided = 1 goes with a real signal or, for inverse = 1, with a complex spectrum, but the input is {x.Shape} with inverse = {(isInverse ? 1 : 0)}.");
        var isRealAgain = isHalf && isInverse;
        var n = c.Has(1) ? Length(c, 1) : isRealAgain ? 2 * (x.Shape[axis] - 1) : x.Shape[axis];
        if (n < 1)
            throw new ArgumentException($"a transform of at least one number was expected but got {n}.");
        int[] order = [.. Enumerable.Range(0, x.Rank - 1).Where(d => d != axis), axis];
        var lines = x.Shape.Without(x.Rank - 1);
        Tensor Rows(int part, int count)
        {
            var rows = x.Slice(x.Rank - 1, part, 1).Reshape(lines).Permute(order);
            rows = rows.Reshape(rows.Shape.From(0).Count / Math.Max(1, lines[axis]), lines[axis]);
            return count <= lines[axis] ? rows.Slice(1, 0, count) : rows.Pad(1, 0, count - lines[axis]);
        }
        var (re, im) = isRealAgain ? (Mirrored(Rows(0, (n / 2) + 1), n, 1), Mirrored(Rows(1, (n / 2) + 1), n, -1)) : (Rows(0, n), isComplex ? Rows(1, n) : null);
        var bins = isHalf && !isInverse ? (n / 2) + 1 : n;
        var (real, imaginary) = Fourier.Transform(re, im, bins, isInverse);
        Tensor[] parts = isRealAgain ? [real] : [real, imaginary];
        var turned = new Shape([.. order[..^1].Select(d => lines[d]), bins]);
        int[] back = [.. Enumerable.Range(0, order.Length).Select(d => Array.IndexOf(order, d))];
        var y = Tensor.Stack(order.Length, [.. parts.Select(p => p.Reshape(turned).Permute(back))]);
        return c.Same(isInverse ? y * (1.0 / n) : y);
    }

    /// <summary>The spectra of windows that move along a signal.</summary>
    private static Value[] ShortTime(NodeCall c)
    {
        var (signal, step, window) = (c.X, Length(c, 1), c.Maybe(2));
        var isComplex = signal.Rank == 3 && IsComplex(signal);
        if (signal.Rank is not (2 or 3) || step < 1)
            throw new ArgumentException($"a signal (batch, length, 1 or 2) and a frame_step of at least 1 were expected but got {signal.Shape} and {step}.");
        var n = c.Has(3) ? Length(c, 3) : window?.Count ?? throw new ArgumentException("a window or a frame_length was expected.");
        var (batch, length) = (signal.Shape[0], signal.Shape[1]);
        if (n < 1 || n > length || (window is not null && window.Shape != new Shape(n)))
            throw new ArgumentException($"frames of at most {length} numbers, and a window as long as they are, were expected but got {n} and {window?.Shape.ToString() ?? "no window"}.");
        var isHalf = c.Flag("onesided", true);
        if (isHalf && isComplex)
            throw new ArgumentException("onesided = 1 goes with a real signal, but this one is complex.");
        var frames = 1 + ((length - n) / step);
        if ((long)frames * n > Array.MaxLength)
            throw new ArgumentException($"{frames} frames of {n} numbers are more than a tensor holds.");
        var places = Glia.Replay.Recorder.Fixed((frames, n, step), static s => Tensor.From([.. Enumerable.Range(0, s.frames * s.n).Select(i => (long)(i / s.n * s.step) + (i % s.n))]));
        Tensor Frames(int part)
        {
            var line = signal.Rank == 2 ? signal : signal.Slice(2, part, 1).Reshape(batch, length);
            var rows = line.IndexSelect(1, places).Reshape(batch * frames, n);
            return window is null ? rows : rows * window;
        }
        var bins = isHalf ? (n / 2) + 1 : n;
        var (re, im) = Fourier.Transform(Frames(0), isComplex ? Frames(1) : null, bins, isInverse: false);
        return c.Same(Tensor.Stack(2, re, im).Reshape(new Shape(batch, frames, bins, 2)));
    }

    /// <summary>Triangles over the bins of a spectrum, whose corners are at equal distances on the scale m = 2595·log₁₀(1 + f/700).</summary>
    private static Value[] MelWeights(NodeCall c)
    {
        var type = (OnnxElementType)c.Int("output_datatype", 1);
        var (bands, n, rate, low, high) = (Length(c, 0), Length(c, 1), c.Number(2), c.Number(3), c.Number(4));
        var bins = (n / 2) + 1;
        var (lowMel, highMel) = (Mel(low), Mel(high));
        int[] corners = [.. Enumerable.Range(0, Math.Min(bands, bins) + 2).Select(i => Corner(i))];
        if (bands > bins || !(rate > 0) || !(low >= 0) || !(high >= low) || corners[^1] >= bins)
        {
            throw new ArgumentException(
                $"at most {bins} bands between 0 Hz and half of the sample_rate were expected but got {bands} between {low} and {high} with a sample_rate of {rate}.");
        }
        return [new(Make(new Shape(bins, bands), type.Storage(), corners, static (corners, y) =>
        {
            y.FillInPlace(0);
            var bands = y.Shape[1];
            for (var band = 0; band < bands; band++)
            {
                var (first, middle, last) = (corners[band], corners[band + 1], corners[band + 2]);
                for (var bin = first; bin < middle; bin++)
                    y.SetFlat((bin * bands) + band, (bin - first) / (double)(middle - first));
                for (var bin = middle; bin < Math.Max(last, middle + 1); bin++)
                    y.SetFlat((bin * bands) + band, last == middle ? 1 : (last - bin) / (double)(last - middle));
            }
        }), type)];

        static double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));

        int Corner(int i)
        {
            var hertz = 700 * (Math.Pow(10, (lowMel + (i * (highMel - lowMel) / (bands + 2))) / 2595) - 1);
            return (int)Math.Clamp(Math.Floor((n + 1.0) * hertz / rate), 0, int.MaxValue);
        }
    }

    private static bool IsComplex(Tensor x) => x.Rank >= 2 && x.Shape[-1] is 1 or 2
        ? x.Shape[-1] == 2
        : throw new ArgumentException($"a last axis of size 1 (real numbers) or 2 (complex ones) was expected but got {x.Shape}.");

    private static int Length(NodeCall c, int input) => (int)Math.Clamp(c.Number(input), 0, int.MaxValue - 1);

    /// <summary>A whole spectrum of the half of it: y[n − k] is y[k], or −y[k].</summary>
    private static Tensor Mirrored(Tensor half, int n, int sign)
    {
        var count = n - half.Shape[1];
        return count == 0 ? half : Tensor.Concat(1, half, half.Slice(1, 1, count).Flip(1) * sign);
    }
}
