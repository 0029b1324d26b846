using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>√x, element by element; NaN below 0.</summary>
    public Tensor Sqrt() => Apply(this, new SqrtFormula());
}

internal readonly struct SqrtFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Sqrt(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(0.5) / y;
}
