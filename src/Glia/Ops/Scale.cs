using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>x·c, element by element.</summary>
    public static Tensor operator *(Tensor x, double c) => Apply(x, new ScaleFormula(c));

    /// <summary>c·x, element by element.</summary>
    public static Tensor operator *(double c, Tensor x) => x * c;

    /// <summary>x / c, element by element.</summary>
    public static Tensor operator /(Tensor x, double c) => x * (1 / c);

    /// <summary>c / x, element by element.</summary>
    public static Tensor operator /(double c, Tensor x) => Require(x).Reciprocal() * c;

    /// <summary>−x, element by element.</summary>
    public static Tensor operator -(Tensor x) => Require(x).Negate();
}

internal readonly struct ScaleFormula(double factor) : IUnaryOperation
{
    public double Factor => factor;

    public T Forward<T>(T x)
        where T : struct, IReal<T> => x * T.Constant(factor);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(factor);
}
