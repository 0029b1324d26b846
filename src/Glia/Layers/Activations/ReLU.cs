using Glia.Kernels;

namespace Glia.Layers;

/// <summary>max(0, x), with derivative 1 where x &gt; 0, else 0; range [0, ∞).</summary>
public sealed class ReLU() : Activation(ActivationFunction.Of(new ReLUFormula()), isRectifier: true);

internal readonly struct ReLUFormula : IOutputDerivative
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(T.Constant(0), x), T.Constant(0), x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(y, T.Constant(0)), T.Constant(1), T.Constant(0));
}
