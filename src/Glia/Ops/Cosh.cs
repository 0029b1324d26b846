using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>cosh x = (eˣ + e⁻ˣ) / 2, element by element; range [1, ∞).</summary>
    public Tensor Cosh() => Apply(this, new CoshFormula());
}

internal readonly struct CoshFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => RealMath.Cosh(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => RealMath.Sinh(x);
}
