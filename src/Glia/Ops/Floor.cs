using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>The largest whole number not above x, element by element; the derivative is 0.</summary>
    public Tensor Floor() => Apply(this, new FloorFormula());
}

internal readonly struct FloorFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Floor(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(0);
}
