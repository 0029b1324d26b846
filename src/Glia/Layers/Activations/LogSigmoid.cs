using Glia.Kernels;

namespace Glia.Layers;

/// <summary>ln sigmoid(x) = −softplus(−x), with derivative sigmoid(−x); range (−∞, 0).</summary>
public sealed class LogSigmoid() : Activation(ActivationFunction.Of(new LogSigmoidFormula()));

internal readonly struct LogSigmoidFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => -RealMath.Softplus(-x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Sigmoid(-x);
}
