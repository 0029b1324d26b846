using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>ln x, element by element; −∞ at 0, NaN below.</summary>
    public Tensor Log() => Apply(this, new LogFormula());
}

internal readonly struct LogFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Log(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1) / x;
}
