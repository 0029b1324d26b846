using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>x², element by element.</summary>
    public Tensor Square() => Apply(this, new SquareFormula());
}

internal readonly struct SquareFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => x * x;

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(2) * x;
}
