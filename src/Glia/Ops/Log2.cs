using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>The logarithm to base 2, element by element; −∞ at 0, NaN below.</summary>
    public Tensor Log2() => Apply(this, new Log2Formula());
}

internal readonly struct Log2Formula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Log(x) * T.Constant(1 / Math.Log(2));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1 / Math.Log(2)) / x;
}
