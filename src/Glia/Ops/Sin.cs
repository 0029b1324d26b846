using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>sin x (radians), element by element.</summary>
    public Tensor Sin() => Apply(this, new SinFormula());
}

internal readonly struct SinFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Sin(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Cos(x);
}
