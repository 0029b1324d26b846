using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Functions composed from the arithmetic of <see cref="IReal{TSelf}"/>, for lanes that have no instruction of their own.</summary>
internal static class RealMath
{
    /// <summary>1 / (1 + e⁻ˣ): e⁻ˣ overflows to infinity for very negative x, and 1 / ∞ is the right limit, 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sigmoid<T>(T x)
        where T : struct, IReal<T>
    {
        var one = T.Constant(1);
        return one / (one + T.Exp(-x));
    }

    /// <summary>ln(1 + x) by Kahan's correction: the error made in rounding 1 + x is divided out again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Log1p<T>(T x)
        where T : struct, IReal<T>
    {
        var one = T.Constant(1);
        var u = one + x;
        var corrected = T.Log(u) * (x / (u - one));
        var isInfinite = T.Greater(u, T.Constant(float.MaxValue));
        return T.Select(T.Equal(u, one), x, T.Select(isInfinite, T.Log(u), corrected));
    }

    /// <summary>
    /// tanh x: Cephes' rational approximation below 0.625, (1 − e⁻²ˣ) / (1 + e⁻²ˣ) of |x| above, which cannot overflow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Tanh<T>(T x)
        where T : struct, IReal<T>
    {
        var one = T.Constant(1);
        var magnitude = T.Abs(x);
        var z = x * x;
        var p = ((T.Constant(-9.64399179425052238628e-1) * z) + T.Constant(-9.92877231001918586564e1)) * z
            + T.Constant(-1.61468768441708447952e3);
        var q = (((z + T.Constant(1.12811678491632931402e2)) * z) + T.Constant(2.23548839060100448583e3)) * z
            + T.Constant(4.84406305325125486048e3);
        var small = x + (x * z * (p / q));

        var e = T.Exp(T.Constant(-2) * magnitude);
        var large = (one - e) / (one + e);
        large = T.Select(T.Greater(T.Constant(0), x), -large, large);
        return T.Select(T.Greater(T.Constant(0.625), magnitude), small, large);
    }
}
