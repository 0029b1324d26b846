using Glia.Kernels;

namespace Glia.Layers;

/// <summary>ln(1 + eˣ), a smooth ReLU, with derivative sigmoid(x); range (0, ∞).</summary>
public sealed class Softplus() : Activation(ActivationFunction.Of(new SoftplusFormula()), isRectifier: true);

internal readonly struct SoftplusFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => RealMath.Softplus(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Sigmoid(x);
}
