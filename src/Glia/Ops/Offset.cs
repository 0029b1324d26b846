using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>x + c, element by element.</summary>
    public static Tensor operator +(Tensor x, double c) => Apply(x, new OffsetFormula(c));

    /// <summary>c + x, element by element.</summary>
    public static Tensor operator +(double c, Tensor x) => x + c;

    /// <summary>x − c, element by element.</summary>
    public static Tensor operator -(Tensor x, double c) => x + -c;

    /// <summary>c − x, element by element.</summary>
    public static Tensor operator -(double c, Tensor x) => Require(x).Negate() + c;
}

internal readonly struct OffsetFormula(double addend) : IUnaryOperation
{
    public double Addend => addend;

    public T Forward<T>(T x)
        where T : struct, IReal<T> => x + T.Constant(addend);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(1);
}
