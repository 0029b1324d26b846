namespace Glia.Data;

/// <summary>
/// Random numbers as a pure function of a seed and a counter (the finaliser of SplitMix64), so no order of calls matters.
/// </summary>
internal static class CounterRandom
{
    /// <summary>64 random bits.</summary>
    public static ulong Bits(ulong seed, ulong counter)
    {
        // The seed is mixed by itself first, so that neighbouring seeds do not give shifted copies of one sequence.
        return Mix(Mix(seed + 0x9E3779B97F4A7C15UL) + (counter + 1) * 0x9E3779B97F4A7C15UL);
    }

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public static double Uniform(ulong seed, ulong counter) => (Bits(seed, counter) >> 11) * (1.0 / (1UL << 53));

    /// <summary>A standard normal number (Box-Muller), from counters 2n and 2n + 1.</summary>
    public static double Normal(ulong seed, ulong counter)
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(seed, 2 * counter)));
        return radius * Math.Cos(2 * Math.PI * Uniform(seed, 2 * counter + 1));
    }

    /// <summary>Shuffles in place (Fisher-Yates).</summary>
    public static void Shuffle(Span<int> values, ulong seed)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = (int)Math.BigMul(Bits(seed, (ulong)i), (ulong)i + 1, out _);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
