using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>|x|, element by element; the derivative at 0 is 0.</summary>
    public Tensor Abs() => Apply(this, new AbsFormula());
}

internal readonly struct AbsFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Abs(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), T.Constant(1), T.Select(T.Greater(T.Constant(0), x), T.Constant(-1), T.Constant(0)));
}
