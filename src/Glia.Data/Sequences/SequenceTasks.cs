namespace Glia.Data;

/// <summary>
/// Generated tasks whose answer lies far back in the sequence, by which recurrent networks have been measured since Hochreiter and Schmidhuber,
/// <i>Long short-term memory</i> (1997). Sample i is a function of the seed and i alone.
/// </summary>
public static class SequenceTasks
{
    /// <summary>The symbols of <see cref="TemporalOrder"/>, in the order of its features.</summary>
    public static IReadOnlyList<string> TemporalOrderSymbols { get; } = ["a", "b", "c", "d", "X", "Y", "E", "B"];

    /// <summary>The classes of <see cref="TemporalOrder"/>.</summary>
    public static IReadOnlyList<string> TemporalOrderClasses { get; } = ["XX", "XY", "YX", "YY"];

    /// <summary>
    /// The adding problem: of <paramref name="steps"/> numbers from [0, 1), two are marked, one in each half; the target is their sum. Always answering
    /// 1 has a mean squared error of 1/6.
    /// </summary>
    /// <param name="count">The number of sequences.</param>
    /// <param name="steps">T, at least 2.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Inputs (count, T, 2), number and marker (0 or 1); targets (count, 1).</returns>
    public static TensorDataset Adding(int count, int steps = 100, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        var (inputs, targets) = (new float[(long)count * steps * 2], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var rng = new Rng(seed).Split("adding").Split((ulong)i);
            var sequence = inputs.AsSpan(i * steps * 2, steps * 2);
            for (var t = 0; t < steps; t++)
                sequence[2 * t] = (float)rng.NextDouble();
            var half = steps / 2;
            foreach (var marked in (int[])[rng.NextInt(half), half + rng.NextInt(steps - half)])
            {
                sequence[(2 * marked) + 1] = 1;
                targets[i] += sequence[2 * marked];
            }
        }
        return new TensorDataset(Tensor.From(inputs, (count, steps, 2)), Tensor.From(targets, (count, 1)));
    }

    /// <summary>
    /// The copy task: <paramref name="length"/> symbols, then blanks, then a mark, after which the symbols are to be repeated. Symbols are 0 to
    /// <paramref name="symbols"/> − 1, the blank is <paramref name="symbols"/>, the mark one more. Without memory the best cross-entropy is
    /// length·ln(symbols) / steps.
    /// </summary>
    /// <param name="count">The number of sequences.</param>
    /// <param name="delay">Steps between the last symbol and the mark, at least 1.</param>
    /// <param name="length">How many symbols are to be remembered; 10 by default.</param>
    /// <param name="symbols">How many different ones there are; 8 by default.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>
    /// Inputs (count, T, symbols + 2), one-hot, with T = delay + 2·length; targets (count, T), Int64: blanks, and in the last steps the symbols.
    /// </returns>
    public static TensorDataset Copy(int count, int delay = 100, int length = 10, int symbols = 8, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(delay);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(symbols);
        var (steps, width, blank) = (delay + (2 * length), symbols + 2, symbols);
        var (inputs, targets) = (new float[(long)count * steps * width], new long[(long)count * steps]);
        Array.Fill(targets, blank);
        for (var i = 0; i < count; i++)
        {
            var rng = new Rng(seed).Split("copy").Split((ulong)i);
            for (var t = 0; t < steps; t++)
            {
                var symbol = t < length ? rng.NextInt(symbols) : t == length + delay - 1 ? blank + 1 : blank;
                inputs[((((long)i * steps) + t) * width) + symbol] = 1;
                if (t < length)
                    targets[(((long)i + 1) * steps) - length + t] = symbol;
            }
        }
        return new TensorDataset(Tensor.From(inputs, (count, steps, width)), Tensor.From(targets, (count, steps)));
    }

    /// <summary>
    /// Temporal order (task 6a of the paper): an E, then random a, b, c, d with an X or a Y at a place in [T/10, T/5) and one in [T/2, 3T/5), then a B at the
    /// end, which comes after T to 1.1·T steps. The class is which of the four orders X and Y came in.
    /// </summary>
    /// <param name="count">The number of sequences.</param>
    /// <param name="steps">T, at least 10.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>
    /// Inputs (count, ⌊1.1·T⌋, 8), one-hot in the order of <see cref="TemporalOrderSymbols"/>, zero beyond a sequence's length, with
    /// <see cref="Dataset.Lengths"/>; targets (count,), indices into <see cref="TemporalOrderClasses"/>.
    /// </returns>
    public static TensorDataset TemporalOrder(int count, int steps = 100, ulong seed = 0)
    {
        const int X = 4, E = 6, B = 7;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 10);
        var (longest, width) = (steps + (steps / 10), TemporalOrderSymbols.Count);
        var (inputs, targets, lengths) = (new float[(long)count * longest * width], new long[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var rng = new Rng(seed).Split("temporal order").Split((ulong)i);
            var length = steps + rng.NextInt((steps / 10) + 1);
            var (first, second) = (Between(rng, steps / 10, steps / 5), Between(rng, steps / 2, steps * 3 / 5));
            var (one, two) = (rng.NextInt(2), rng.NextInt(2));
            for (var t = 0; t < length; t++)
            {
                var noise = rng.NextInt(4);
                var symbol = t == first ? X + one : t == second ? X + two : t == 0 ? E : t == length - 1 ? B : noise;
                inputs[((((long)i * longest) + t) * width) + symbol] = 1;
            }
            (targets[i], lengths[i]) = ((2 * one) + two, length);
        }
        return new TensorDataset(Tensor.From(inputs, (count, longest, width)), Tensor.From(targets), lengths: Tensor.From(lengths));
    }

    private static int Between(Rng rng, int low, int high) => low + rng.NextInt(Math.Max(1, high - low));
}
