using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>1/√x, element by element.</summary>
    public Tensor Rsqrt() => Apply(this, new RsqrtFormula());
}

internal readonly struct RsqrtFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Constant(1) / T.Sqrt(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(-0.5) * y * y * y;
}
