using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>eˣ − 1, element by element, accurate for small x.</summary>
    public Tensor Expm1() => Apply(this, new Expm1Formula());
}

internal readonly struct Expm1Formula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => RealMath.Expm1(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => y + T.Constant(1);
}
