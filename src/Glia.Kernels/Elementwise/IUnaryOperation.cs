namespace Glia.Kernels;

/// <summary>The formula of an element-wise function of one variable, written once for lanes and for tensors.</summary>
internal interface IUnaryOperation
{
    /// <summary>y = f(x).</summary>
    T Forward<T>(T x)
        where T : struct, IReal<T>;

    /// <summary>f′(x), given x and y = f(x).</summary>
    T Derivative<T>(T x, T y)
        where T : struct, IReal<T>;
}
