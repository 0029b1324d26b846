using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>
    /// min(max(x, <paramref name="minimum"/>), <paramref name="maximum"/>), element by element; the derivative is 1 from bound to
    /// bound, both included, and 0 beyond.
    /// </summary>
    public Tensor Clamp(double minimum = double.NegativeInfinity, double maximum = double.PositiveInfinity) =>
        Apply(this, new ClampFormula(minimum, maximum));
}

internal readonly struct ClampFormula(double minimum, double maximum) : IUnaryOperation
{
    public double Minimum => minimum;

    public double Maximum => maximum;

    public T Forward<T>(T x)
        where T : struct, IReal<T>
    {
        var (low, high) = (T.Constant(minimum), T.Constant(maximum));
        x = T.Select(T.Greater(low, x), low, x);
        return T.Select(T.Greater(x, high), high, x);
    }

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T>
    {
        var zero = T.Constant(0);
        var belowHigh = T.Select(T.Greater(x, T.Constant(maximum)), zero, T.Constant(1));
        return T.Select(T.Greater(T.Constant(minimum), x), zero, belowHigh);
    }
}
