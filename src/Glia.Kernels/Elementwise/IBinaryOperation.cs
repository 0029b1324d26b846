namespace Glia.Kernels;

/// <summary>The formula of an element-wise function of two variables, written once for lanes and for tensors.</summary>
internal interface IBinaryOperation
{
    /// <summary>y = f(a, b).</summary>
    T Forward<T>(T a, T b)
        where T : struct, IReal<T>;

    /// <summary>∂f/∂a, given a, b and y = f(a, b).</summary>
    T DerivativeA<T>(T a, T b, T y)
        where T : struct, IReal<T>;

    /// <summary>∂f/∂b, given a, b and y = f(a, b).</summary>
    T DerivativeB<T>(T a, T b, T y)
        where T : struct, IReal<T>;
}
