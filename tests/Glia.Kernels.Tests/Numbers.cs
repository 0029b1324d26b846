using System.Numerics;

namespace Glia.Kernels.Tests;

/// <summary>Reproducible test numbers and the paths to test.</summary>
internal static class Numbers
{
    /// <summary>Every instruction set that can run here; the 128-bit code is portable.</summary>
    public static IEnumerable<Isa> Isas => IsaSupport.Available.Append(Isa.Neon).Distinct();

    public static TheoryData<string> IsaNames => [.. Isas.Select(isa => isa.ToString())];

    public static IsaSupport.Scope Use(string isa) => IsaSupport.Use(Enum.Parse<Isa>(isa));

    /// <summary>Numbers between −1 and 1 that follow from the seed.</summary>
    public static T[] Uniform<T>(int count, int seed)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var state = (ulong)seed * 0x9E3779B97F4A7C15 + 1;
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            // 20 bits: exact in both float and double.
            values[i] = T.CreateChecked((double)(state >> 44) / (1 << 19) - 1);
        }
        return values;
    }

    public static double Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += double.CreateChecked(a[i]) * double.CreateChecked(b[i]);
        return sum;
    }

    /// <summary>Whether the two agree to the type's precision over a sum of <paramref name="terms"/> products of numbers below 1.</summary>
    public static bool AreClose<T>(double expected, T actual, int terms)
        where T : IBinaryFloatingPointIeee754<T>
    {
        var unit = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;
        var tolerance = unit * (terms + 4) * 0.5 + unit * Math.Abs(expected);
        return Math.Abs(expected - double.CreateChecked(actual)) <= tolerance;
    }
}
