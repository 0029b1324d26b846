using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>−1, 0 or 1, element by element; the derivative is 0.</summary>
    public Tensor Sign() => Apply(this, new SignFormula());
}

internal readonly struct SignFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), T.Constant(1), T.Select(T.Greater(T.Constant(0), x), T.Constant(-1), x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(0);
}
