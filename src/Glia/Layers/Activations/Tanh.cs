using Glia.Kernels;

namespace Glia.Layers;

/// <summary>tanh x = (e²ˣ − 1) / (e²ˣ + 1), with derivative 1 − y²; range (−1, 1).</summary>
public sealed class Tanh() : Activation(ActivationFunction.Of(new TanhFormula()));

internal readonly struct TanhFormula : IOutputDerivative
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Tanh(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1) - (y * y);
}
