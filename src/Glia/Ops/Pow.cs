using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>aᵇ, element by element, with broadcasting; NaN for a negative base and a power that is no whole number.</summary>
    public static Tensor Pow(Tensor a, Tensor b) => Apply(a, b, new PowFormula());

    /// <summary>xᵖ, element by element; NaN for negative x and a power that is no whole number.</summary>
    public Tensor Pow(double power) => Apply(this, new PowScalarFormula(power));
}

internal readonly struct PowFormula : IBinaryOperation
{
    public T Forward<T>(T a, T b)
        where T : struct, IReal<T> => T.Pow(a, b);

    public T DerivativeA<T>(T a, T b, T y)
        where T : struct, IReal<T> =>
        T.Select(T.Equal(b, T.Constant(0)), T.Constant(0), b * T.Pow(a, b - T.Constant(1)));

    public T DerivativeB<T>(T a, T b, T y)
        where T : struct, IReal<T>
    {
        // 0ᵇ is 0 for every positive b, so it does not change with b.
        var zero = T.Constant(0);
        var isFlat = T.Select(T.Equal(a, zero), T.Select(T.Greater(zero, b), zero, T.Constant(1)), zero);
        return T.Select(T.Equal(isFlat, T.Constant(1)), zero, y * T.Log(a));
    }
}

internal readonly struct PowScalarFormula(double power) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => power switch
        {
            1 => x,
            2 => x * x,
            3 => x * x * x,
            0.5 => T.Sqrt(x),
            -1 => T.Constant(1) / x,
            _ => T.Pow(x, T.Constant(power)),
        };

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => power switch
        {
            0 => T.Constant(0),
            1 => T.Constant(1),
            2 => T.Constant(2) * x,
            _ => T.Constant(power) * T.Pow(x, T.Constant(power - 1)),
        };
}
