using Glia.Kernels;

namespace Glia.Layers;

/// <summary>x·tanh(softplus(x)) (Misra 2019), with derivative w + x·(1 − w²)·sigmoid(x) where w = tanh(softplus(x)); range about [−0.309, ∞).</summary>
public sealed class Mish() : Activation(ActivationFunction.Of(new MishFormula()), isRectifier: true);

internal readonly struct MishFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => x * T.Tanh(RealMath.Softplus(x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => MishDerivative(x, T.Tanh(RealMath.Softplus(x)));

    private static T MishDerivative<T>(T x, T w)
        where T : struct, IReal<T> => w + (x * (T.Constant(1) - (w * w)) * T.Sigmoid(x));
}
