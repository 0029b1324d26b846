using Glia.Kernels;

namespace Glia.Layers;

/// <summary>x / (1 + |x|), with derivative 1 / (1 + |x|)²; range (−1, 1).</summary>
public sealed class Softsign() : Activation(ActivationFunction.Of(new SoftsignFormula()));

internal readonly struct SoftsignFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => x / (T.Constant(1) + T.Abs(x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1) / ((T.Constant(1) + T.Abs(x)) * (T.Constant(1) + T.Abs(x)));
}
