using Glia.Kernels;

namespace Glia.Layers;

/// <summary>min(max(0, x/6 + 1/2), 1), a sigmoid of three straight pieces, with derivative 1/6 where −3 &lt; x &lt; 3, else 0; range [0, 1].</summary>
public sealed class HardSigmoid() : Activation(ActivationFunction.Of(new HardSigmoidFormula()));

internal readonly struct HardSigmoidFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(T.Constant(-3), x), T.Constant(0), T.Select(T.Greater(x, T.Constant(3)), T.Constant(1), (x / T.Constant(6)) + T.Constant(0.5)));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(-3)), T.Select(T.Greater(T.Constant(3), x), T.Constant(1 / 6.0), T.Constant(0)), T.Constant(0));
}
