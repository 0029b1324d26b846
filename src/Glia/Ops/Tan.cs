using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>tan x (radians), element by element.</summary>
    public Tensor Tan() => Apply(this, new TanFormula());
}

internal readonly struct TanFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Sin(x) / T.Cos(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1) + (y * y);
}
