using Glia.Kernels;

namespace Glia.Layers;

/// <summary>
/// λx where x &gt; 0, else λα(eˣ − 1), with λ = 1.0507… and α = 1.6732…, and derivative λ where x &gt; 0, else y + λα. It keeps mean 0 and
/// variance 1 through many layers (Klambauer et al. 2017); range (−1.758…, ∞).
/// </summary>
public sealed class SELU() : Activation(ActivationFunction.Of(new SELUFormula()));

internal readonly struct SELUFormula : IUnaryOperation
{
    private const double Scale = 1.0507009873554805;
    private const double Alpha = 1.6732632423543772;

    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Constant(Scale) * T.Select(T.Greater(x, T.Constant(0)), x, T.Constant(Alpha) * RealMath.Expm1(x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), T.Constant(Scale), y + T.Constant(Scale * Alpha));
}
