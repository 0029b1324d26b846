using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>The larger of a and b, element by element, with broadcasting; NaN where either is. Where they are equal each takes half the gradient.</summary>
    public static Tensor Maximum(Tensor a, Tensor b) => Apply(a, b, new MaximumFormula());
}

internal readonly struct MaximumFormula : IBinaryOperation
{
    public T Forward<T>(T a, T b)
        where T : struct, IReal<T> => T.Select(T.Equal(a, a), T.Select(T.Greater(a, b), a, b), a);

    public T DerivativeA<T>(T a, T b, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(a, b), T.Constant(1), T.Select(T.Equal(a, b), T.Constant(0.5), T.Constant(0)));

    public T DerivativeB<T>(T a, T b, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(b, a), T.Constant(1), T.Select(T.Equal(a, b), T.Constant(0.5), T.Constant(0)));
}
