using Glia.Kernels;

namespace Glia.Layers;

/// <summary>1 / (1 + e⁻ˣ), with derivative y·(1 − y); range (0, 1).</summary>
public sealed class Sigmoid() : Activation(ActivationFunction.Of(new SigmoidFormula()));

internal readonly struct SigmoidFormula : IOutputDerivative
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Sigmoid(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => y * (T.Constant(1) - y);
}
