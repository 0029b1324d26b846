using Glia.Kernels;

namespace Glia.Layers;

/// <summary>min(max(0, x), 6), with derivative 1 where 0 &lt; x &lt; 6, else 0; range [0, 6].</summary>
public sealed class ReLU6() : Activation(ActivationFunction.Of(new ReLU6Formula()), isRectifier: true);

internal readonly struct ReLU6Formula : IOutputDerivative
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(T.Constant(0), x), T.Constant(0), T.Select(T.Greater(x, T.Constant(6)), T.Constant(6), x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(y, T.Constant(0)), T.Select(T.Greater(T.Constant(6), y), T.Constant(1), T.Constant(0)), T.Constant(0));
}
