using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>cos x (radians), element by element.</summary>
    public Tensor Cos() => Apply(this, new CosFormula());
}

internal readonly struct CosFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Cos(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => -T.Sin(x);
}
