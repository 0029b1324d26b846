using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Glia.Kernels;

/// <summary>The vector instruction sets that have kernels of their own, from narrow to wide.</summary>
internal enum Isa
{
    /// <summary>Plain scalar arithmetic; runs anywhere.</summary>
    Scalar,

    /// <summary>128-bit vectors. Chosen on Arm; the code is portable, so tests run it everywhere.</summary>
    Neon,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors.</summary>
    Avx512,
}

/// <summary>Chooses the instruction set once: the widest the processor has, or the one named by <c>GLIA_ISA</c>.</summary>
internal static class IsaSupport
{
    internal const string Variable = "GLIA_ISA";

    private static int _current = -1;

    /// <summary>The instruction set the kernels use.</summary>
    /// <exception cref="InvalidOperationException"><c>GLIA_ISA</c> is unknown or not available on this processor.</exception>
    public static Isa Current => _current >= 0 ? (Isa)_current : Choose();

    /// <summary>The instruction sets this processor can run at full speed, narrowest first.</summary>
    public static IReadOnlyList<Isa> Available { get; } = Detect();

    /// <summary>Runs every kernel with <paramref name="isa"/> until the scope is disposed; for tests and benchmarks.</summary>
    internal static Scope Use(Isa isa)
    {
        if (isa != Isa.Neon && !Available.Contains(isa))
            throw new ArgumentException($"{isa} is not available on this processor; it has {string.Join(", ", Available)}.", nameof(isa));
        var scope = new Scope(Current);
        _current = (int)isa;
        return scope;
    }

    internal static Isa Parse(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return Available[^1];
        Isa? named = value.Trim().ToLowerInvariant() switch
        {
            "scalar" => Isa.Scalar,
            "neon" => Isa.Neon,
            "avx2" => Isa.Avx2,
            "avx512" => Isa.Avx512,
            _ => null,
        };
        if (named is not { } isa)
            throw new InvalidOperationException($"{Variable} is '{value}'; use avx512, avx2, neon or scalar, or leave it unset.");
        if (!Available.Contains(isa))
        {
            var names = string.Join(", ", Available).ToLowerInvariant();
            throw new InvalidOperationException($"{Variable} asks for '{value}', which this processor lacks; it has {names}. Use one of these or leave it unset.");
        }
        return isa;
    }

    private static Isa Choose()
    {
        var isa = Parse(Environment.GetEnvironmentVariable(Variable));
        _current = (int)isa;
        return isa;
    }

    private static Isa[] Detect()
    {
        var list = new List<Isa> { Isa.Scalar };
        // On x64 without AVX2 (or compiled ahead of time for such) 128-bit vectors still beat single numbers.
        if (AdvSimd.Arm64.IsSupported || (Vector128.IsHardwareAccelerated && !Avx2.IsSupported))
            list.Add(Isa.Neon);
        if (Avx2.IsSupported && Fma.IsSupported)
            list.Add(Isa.Avx2);
        if (Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported)
            list.Add(Isa.Avx512);
        return [.. list];
    }

    /// <summary>Restores the previous choice when disposed.</summary>
    internal readonly struct Scope(Isa previous) : IDisposable
    {
        public void Dispose() => _current = (int)previous;
    }
}
