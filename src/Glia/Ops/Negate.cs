using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>−x, element by element.</summary>
    public Tensor Negate() => Apply(this, new NegateFormula());
}

internal readonly struct NegateFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => -x;

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(-1);
}
