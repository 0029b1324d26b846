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

    /// <summary>eˣ − 1 as tanh(x/2)·(eˣ + 1), accurate for small x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Expm1<T>(T x)
        where T : struct, IReal<T>
    {
        var e = T.Exp(x);
        var small = T.Tanh(T.Constant(0.5) * x) * (e + T.Constant(1));
        return T.Select(T.Greater(T.Constant(1), T.Abs(x)), small, e - T.Constant(1));
    }

    /// <summary>sinh x: from eˣ − 1 below 1, from e^(x/2) squared above, so that it overflows only where the result does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sinh<T>(T x)
        where T : struct, IReal<T>
    {
        var half = T.Constant(0.5);
        var magnitude = T.Abs(x);
        var t = Expm1(T.Select(T.Greater(T.Constant(1), magnitude), magnitude, T.Constant(1)));
        var small = half * (t + (t / (t + T.Constant(1))));
        var root = T.Exp(half * magnitude);
        var large = (half * root * root) - (half / root / root);
        var result = T.Select(T.Greater(T.Constant(1), magnitude), small, large);
        return T.Select(T.Greater(T.Constant(0), x), -result, result);
    }

    /// <summary>cosh x from e^(x/2) squared, so that it overflows only where the result does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Cosh<T>(T x)
        where T : struct, IReal<T>
    {
        var half = T.Constant(0.5);
        var root = T.Exp(half * T.Abs(x));
        return (half * root * root) + (half / root / root);
    }

    /// <summary>ln(1 + eˣ) without overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Softplus<T>(T x)
        where T : struct, IReal<T> =>
        T.Select(T.Greater(T.Constant(0), x), T.Constant(0), x) + T.Log1p(T.Exp(-T.Abs(x)));

    /// <summary>aᵇ = e^(b·ln|a|) with the sign of an odd whole power; NaN for a negative base and a broken power.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Pow<T>(T a, T b)
        where T : struct, IReal<T>
    {
        var (zero, one) = (T.Constant(0), T.Constant(1));
        var size = T.Abs(a);
        var magnitude = T.Select(T.Equal(size, one), one, T.Exp(b * T.Log(size)));
        var isWhole = T.Equal(T.Floor(b), b);
        var half = b * T.Constant(0.5);
        var isEven = T.Equal(T.Floor(half), half);
        // A broken power of −∞ is that of ∞, as the C standard has it.
        var broken = T.Select(T.Equal(size, one / zero), magnitude, zero / zero);
        var ofNegative = T.Select(isWhole, T.Select(isEven, magnitude, -magnitude), broken);
        var power = T.Select(T.Greater(zero, a), ofNegative, magnitude);
        return T.Select(T.Equal(b, zero), one, T.Select(T.Equal(a, one), one, power));
    }

    /// <summary>erf x by Cephes' rational approximations: x·T(x²)/U(x²) up to 1, 1 − e^(−x²)·P(|x|)/Q(|x|) beyond.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Erf<T>(T x)
        where T : struct, IReal<T>
    {
        // Beyond 6 erf is ±1 to the last bit; the limit keeps the polynomials finite.
        const double Limit = 6;
        var one = T.Constant(1);
        var magnitude = T.Abs(x);
        var a = T.Select(T.Greater(magnitude, T.Constant(Limit)), T.Constant(Limit), magnitude);
        var z = x * x;
        var small = x
            * Polynomial(z, 9.60497373987051638749e0, 9.00260197203842689217e1, 2.23200534594684319226e3, 7.00332514112805075473e3, 5.55923013010394962768e4)
            / Polynomial(z, 1, 3.35617141647503099647e1, 5.21357949780152679795e2, 4.59432382970980127987e3, 2.26290000613890934246e4, 4.92673942608635921086e4);
        var p = Polynomial(
            a, 2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687e0, 4.86371970985681366614e1, 1.96520832956077098242e2,
            5.26445194995477358631e2, 9.34528527171957607540e2, 1.02755188689515710272e3, 5.57535335369399327526e2);
        var q = Polynomial(
            a, 1, 1.32281951154744992508e1, 8.67072140885989742329e1, 3.54937778887819891062e2, 9.75708501743205489753e2, 1.82390916687909736289e3,
            2.24633760818710981792e3, 1.65666309194161350182e3, 5.57535340817727675546e2);
        var large = one - (T.Exp(-(a * a)) * p / q);
        large = T.Select(T.Greater(T.Constant(0), x), -large, large);
        return T.Select(T.Greater(magnitude, one), large, small);
    }

    /// <summary>arctan x by Cephes: brought below 0.66 by arctan x = π/2 − arctan(1/x) and π/4 + arctan((x − 1)/(x + 1)), then a rational approximation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Atan<T>(T x)
        where T : struct, IReal<T>
    {
        const double Tan3Pi8 = 2.41421356237309504880;
        var (zero, one) = (T.Constant(0), T.Constant(1));
        var magnitude = T.Abs(x);
        var isLarge = T.Greater(magnitude, T.Constant(Tan3Pi8));
        var isMiddle = T.Greater(magnitude, T.Constant(0.66));
        var reduced = T.Select(isLarge, -(one / magnitude), T.Select(isMiddle, (magnitude - one) / (magnitude + one), magnitude));
        var offset = T.Select(isLarge, T.Constant(Math.PI / 2), T.Select(isMiddle, T.Constant(Math.PI / 4), zero));
        var z = reduced * reduced;
        var p = Polynomial(
            z, -8.750608600031904122785e-1, -1.615753718733365076637e1, -7.500855792314704667340e1, -1.228866684490136173410e2, -6.485021904942025371773e1);
        var q = Polynomial(
            z, 1, 2.485846490142306297962e1, 1.650270098316988542046e2, 4.328810604912902668951e2, 4.853903996359136964868e2, 1.945506571482613964425e2);
        var angle = offset + (reduced + (reduced * z * (p / q)));
        return T.Select(T.Greater(zero, x), -angle, angle);
    }

    /// <summary>Horner's scheme, highest power first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, double c5, double c4, double c3, double c2, double c1)
        where T : struct, IReal<T> =>
        (((((((T.Constant(c5) * x) + T.Constant(c4)) * x) + T.Constant(c3)) * x) + T.Constant(c2)) * x) + T.Constant(c1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, double c6, double c5, double c4, double c3, double c2, double c1)
        where T : struct, IReal<T> =>
        (Polynomial(x, c6, c5, c4, c3, c2) * x) + T.Constant(c1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Polynomial<T>(T x, double c9, double c8, double c7, double c6, double c5, double c4, double c3, double c2, double c1)
        where T : struct, IReal<T> =>
        (((((Polynomial(x, c9, c8, c7, c6, c5, c4) * x) + T.Constant(c3)) * x) + T.Constant(c2)) * x) + T.Constant(c1);
}
