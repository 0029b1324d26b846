using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>ln(1 + x), element by element, accurate for small x.</summary>
    public Tensor Log1p() => Apply(this, new Log1pFormula());
}

internal readonly struct Log1pFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Log1p(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1) / (T.Constant(1) + x);
}
