using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt, element by element; range (−1, 1).</summary>
    public Tensor Erf() => Apply(this, new ErfFormula());
}

internal readonly struct ErfFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Erf(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(2 / Math.Sqrt(Math.PI)) * T.Exp(-(x * x));
}
