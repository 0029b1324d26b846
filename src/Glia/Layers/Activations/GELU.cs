using System.Text.Json;
using Glia.Kernels;

namespace Glia.Layers;

/// <summary>
/// x·Φ(x), with Φ the distribution function of the normal distribution (Hendrycks and Gimpel 2016), exactly by erf or approximated by
/// 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))). The derivative is Φ(x) + x·φ(x) with φ the density of that distribution, or that of the
/// approximation; range about [−0.17, ∞).
/// </summary>
/// <param name="approximate">Whether to use the approximation by tanh; false by default.</param>
public sealed class GELU(bool approximate = false)
    : Activation(approximate ? ActivationFunction.Of(new GELUTanhFormula()) : ActivationFunction.Of(new GELUFormula()), isRectifier: true)
{
    /// <summary>Whether the approximation by tanh is used.</summary>
    public bool Approximate { get; } = approximate;

    /// <inheritdoc/>
    protected internal override void WriteConfig(Utf8JsonWriter writer) => writer.WriteBoolean("approximate", Approximate);
}

internal readonly struct GELUFormula : IUnaryOperation
{
    public T Forward<T>(T x)
        where T : struct, IReal<T> => x * Phi(x);

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T> =>
        Phi(x) + (x * T.Constant(1 / Math.Sqrt(2 * Math.PI)) * T.Exp(T.Constant(-0.5) * x * x));

    private static T Phi<T>(T x)
        where T : struct, IReal<T> => T.Constant(0.5) * (T.Constant(1) + T.Erf(x * T.Constant(1 / Math.Sqrt(2))));
}

internal readonly struct GELUTanhFormula : IUnaryOperation
{
    private const double Cubic = 0.044715;

    public T Forward<T>(T x)
        where T : struct, IReal<T> => T.Constant(0.5) * x * (T.Constant(1) + Bend(x));

    public T Derivative<T>(T x, T y)
        where T : struct, IReal<T>
    {
        var (half, one) = (T.Constant(0.5), T.Constant(1));
        var t = Bend(x);
        var slope = T.Constant(Math.Sqrt(2 / Math.PI)) * (one + (T.Constant(3 * Cubic) * x * x));
        // Far out 1 − t² is 0 while the slope may be infinite in float32: their product is 0.
        var bend = one - (t * t);
        var product = T.Select(T.Equal(bend, T.Constant(0)), T.Constant(0), half * x * bend * slope);
        return (half * (one + t)) + product;
    }

    private static T Bend<T>(T x)
        where T : struct, IReal<T> => T.Tanh(T.Constant(Math.Sqrt(2 / Math.PI)) * (x + (T.Constant(Cubic) * x * x * x)));
}
