using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>sinh x = (eˣ − e⁻ˣ) / 2, element by element.</summary>
    public Tensor Sinh() => Apply(this, new SinhFormula());
}

internal readonly struct SinhFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => RealMath.Sinh(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => RealMath.Cosh(x);
}
