using Glia.Kernels;

namespace Glia.Layers;

/// <summary>x·hardsigmoid(x), with derivative x/3 + 1/2 where −3 ≤ x ≤ 3, else 0 below and 1 above; range [−0.375, ∞).</summary>
public sealed class HardSwish() : Activation(ActivationFunction.Of(new HardSwishFormula()), isRectifier: true);

internal readonly struct HardSwishFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(T.Constant(-3), x), T.Constant(0), T.Select(T.Greater(x, T.Constant(3)), x, x * ((x / T.Constant(6)) + T.Constant(0.5))));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(T.Constant(-3), x), T.Constant(0), T.Select(T.Greater(x, T.Constant(3)), T.Constant(1), (x / T.Constant(3)) + T.Constant(0.5)));
}
