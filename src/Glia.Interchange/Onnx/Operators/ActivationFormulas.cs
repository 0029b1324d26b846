using Glia.Kernels;

namespace Glia.Interchange.Onnx.Operators;

/// <summary>γ·x where x &gt; 0, else γ·α·(eˣ − 1).</summary>
internal readonly struct SeluFormula(double alpha, double gamma) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Constant(gamma) * T.Select(T.Greater(x, T.Constant(0)), x, T.Constant(alpha) * RealMath.Expm1(x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), T.Constant(gamma), y + T.Constant(gamma * alpha));
}

/// <summary>max(0, x) + min(0, α·(e^(x/α) − 1)).</summary>
internal readonly struct CeluFormula(double alpha) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), x, T.Constant(alpha) * RealMath.Expm1(x / T.Constant(alpha)));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(0)), T.Constant(1), (y / T.Constant(alpha)) + T.Constant(1));
}

/// <summary>max(0, min(1, α·x + β)).</summary>
internal readonly struct SlopedHardSigmoidFormula(double alpha, double beta) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T>
    {
        var line = (x * T.Constant(alpha)) + T.Constant(beta);
        var low = T.Select(T.Greater(T.Constant(0), line), T.Constant(0), line);
        return T.Select(T.Greater(low, T.Constant(1)), T.Constant(1), low);
    }

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> =>
        T.Select(T.Greater(y, T.Constant(0)), T.Select(T.Greater(T.Constant(1), y), T.Constant(alpha), T.Constant(0)), T.Constant(0));
}

/// <summary>x where x &gt; α, else 0.</summary>
internal readonly struct ThresholdedReluFormula(double alpha) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(alpha)), x, T.Constant(0));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(x, T.Constant(alpha)), T.Constant(1), T.Constant(0));
}

/// <summary>x + bias where x &lt; −λ, x − bias where x &gt; λ, else 0.</summary>
internal readonly struct ShrinkFormula(double lambda, double bias) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> =>
        T.Select(T.Greater(T.Constant(-lambda), x), x + T.Constant(bias), T.Select(T.Greater(x, T.Constant(lambda)), x - T.Constant(bias), T.Constant(0)));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(T.Abs(x), T.Constant(lambda)), T.Constant(1), T.Constant(0));
}

/// <summary>α·x + β.</summary>
internal readonly struct AffineFormula(double alpha, double beta) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => (x * T.Constant(alpha)) + T.Constant(beta);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(alpha);
}

/// <summary>α·tanh(β·x).</summary>
internal readonly struct ScaledTanhFormula(double alpha, double beta) : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Constant(alpha) * T.Tanh(x * T.Constant(beta));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> => T.Constant(beta) * (T.Constant(alpha) - (y * y / T.Constant(alpha)));
}

/// <summary>max(0, a + b).</summary>
internal readonly struct AddReluFormula : IBinaryOperation
{
    public T Forward<T>(T a, T b)
        where T : struct, IReal<T> => T.Select(T.Greater(T.Constant(0), a + b), T.Constant(0), a + b);

    public T DerivativeA<T>(T a, T b, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(y, T.Constant(0)), T.Constant(1), T.Constant(0));

    public T DerivativeB<T>(T a, T b, T y)
        where T : struct, IReal<T> => T.Select(T.Greater(y, T.Constant(0)), T.Constant(1), T.Constant(0));
}
