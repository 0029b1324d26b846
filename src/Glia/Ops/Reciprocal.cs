using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>1/x, element by element.</summary>
    public Tensor Reciprocal() => Apply(this, new ReciprocalFormula());
}

internal readonly struct ReciprocalFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Constant(1) / x;

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => -(y * y);
}
