using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>eˣ, element by element.</summary>
    public Tensor Exp() => Apply(this, new ExpFormula());
}

internal readonly struct ExpFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Exp(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => y;
}
