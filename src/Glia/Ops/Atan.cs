using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>arctan x in radians, element by element; range (−π/2, π/2).</summary>
    public Tensor Atan() => Apply(this, new AtanFormula());
}

internal readonly struct AtanFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => RealMath.Atan(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1) / (T.Constant(1) + (x * x));
}
