namespace Glia.Kernels;

/// <summary>
/// Arithmetic over real numbers, written once and run on scalars, on SIMD lanes, and on whole tensors (where it is recorded
/// and can be differentiated again). The formula of an element-wise operation is a generic method over this interface.
/// </summary>
internal interface IReal<TSelf>
    where TSelf : struct, IReal<TSelf>
{
    static abstract TSelf Constant(double value);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a);

    static abstract TSelf Abs(TSelf a);

    static abstract TSelf Sqrt(TSelf a);

    static abstract TSelf Exp(TSelf a);

    static abstract TSelf Log(TSelf a);

    /// <summary>ln(1 + a), accurate for small a.</summary>
    static abstract TSelf Log1p(TSelf a);

    static abstract TSelf Tanh(TSelf a);

    /// <summary>1 / (1 + e⁻ᵃ).</summary>
    static abstract TSelf Sigmoid(TSelf a);

    /// <summary>The error function, 2/√π ∫₀ᵃ e^(−t²) dt.</summary>
    static abstract TSelf Erf(TSelf a);

    static abstract TSelf Pow(TSelf a, TSelf b);

    static abstract TSelf Floor(TSelf a);

    static abstract TSelf Sin(TSelf a);

    static abstract TSelf Cos(TSelf a);

    /// <summary>The mask of a &gt; b, for <see cref="Select"/>; false where either is NaN.</summary>
    static abstract TSelf Greater(TSelf a, TSelf b);

    /// <summary>The mask of a = b, for <see cref="Select"/>; false where either is NaN.</summary>
    static abstract TSelf Equal(TSelf a, TSelf b);

    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);
}
