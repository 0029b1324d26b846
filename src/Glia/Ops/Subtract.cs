using Glia.Kernels;

namespace Glia;

public partial class Tensor
{
    /// <summary>a − b, element by element, with broadcasting.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Apply(a, b, new SubtractFormula());
}

internal readonly struct SubtractFormula : IBinaryOperation
{
    public T Forward<T>(T a, T b)
        where T : struct, IReal<T> => a - b;

    public T DerivativeA<T>(T a, T b, T y)
        where T : struct, IReal<T> => T.Constant(1);

    public T DerivativeB<T>(T a, T b, T y)
        where T : struct, IReal<T> => T.Constant(-1);
}
