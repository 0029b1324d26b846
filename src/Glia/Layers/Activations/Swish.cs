using Glia.Kernels;

namespace Glia.Layers;

/// <summary>x·sigmoid(x), also called SiLU, with derivative y + sigmoid(x)·(1 − y); range about [−0.278, ∞).</summary>
public sealed class Swish() : Activation(ActivationFunction.Of(new SwishFormula()), isRectifier: true);

internal readonly struct SwishFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => x * T.Sigmoid(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => y + (T.Sigmoid(x) * (T.Constant(1) - y));
}
