using Glia.Kernels;

namespace Glia.Layers;

/// <summary>x·sigmoid(x), also called SiLU, with derivative s + y·(1 − s) where s = sigmoid(x); range about [−0.278, ∞).</summary>
public sealed class Swish() : Activation(ActivationFunction.Of(new SwishFormula()), isRectifier: true);

internal readonly struct SwishFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => x * T.Sigmoid(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T>
    {
        // Not y + s·(1 − y), in which a large y swallows the 1.
        var s = T.Sigmoid(x);
        return s + (y * (T.Constant(1) - s));
    }
}
